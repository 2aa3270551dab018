import Descriptions
import Diagnostics
import Glibc
import Processes
import Support

/// Boots kernels.
struct VirtualMachine: Sendable {
  let plan: MachineDescription
  /// The path of the archive that kernels start from.
  let initramfs: String
  let accelerator: Accelerator

  enum Accelerator: String {
    case kvm, tcg
  }

  /// A machine of the fastest kind that works here.
  ///
  /// There are machines where KVM seems to be there, and a guest hangs while it decompresses its kernel. So KVM is used
  /// where a trial shows that it works.
  static func working(
    _ plan: MachineDescription, initramfs: String, image: String
  ) async throws(Failure) -> VirtualMachine {
    if access("/dev/kvm", R_OK | W_OK) == 0 {
      let machine = VirtualMachine(plan: plan, initramfs: initramfs, accelerator: .kvm)
      let trial = BootDescription(
        name: "trial", why: "whether KVM works", states: .ends, kernelArguments: "kunit.enable=0",
        timeLimit: .seconds(15))
      do throws(Failure) {
        if try await machine.boot(image, trial).ending == .finished { return machine }
      } catch  where error.status == .unavailable {
        // The emulator cannot use it: the same answer.
      }
    }
    return VirtualMachine(plan: plan, initramfs: initramfs, accelerator: .tcg)
  }

  /// Boots the kernel, and waits until the machine is off or the boot's time is over. Nothing of it is left then.
  ///
  /// - Parameter image: the path of a kernel in a folder of this run's own. The console's log is put beside it.
  /// - Throws: `Failure(.unavailable)` when the emulator itself fails. A kernel that dies or hangs is a result.
  func boot(_ image: String, _ boot: BootDescription) async throws(Failure) -> BootLog {
    // A file, so that what a machine that hangs has said is not lost with it.
    let console = "\(image).\(boot.name).console"
    try Files.remove(console)
    let command = Command(
      plan.emulator,
      plan.arguments + [
        "-accel", accelerator.rawValue, "-serial", "file:\(console)", "-kernel", image, "-initrd", initramfs,
        "-append", "\(plan.kernelArguments) \(boot.kernelArguments)",
      ])
    let outcome = try await run(command, timeLimit: boot.timeLimit)
    guard outcome.succeeded || outcome.termination == .timedOut else {
      throw failure(of: command, outcome, to: "boot a virtual machine")
    }
    let text = String(decoding: Files.read(console) ?? [], as: UTF8.self)
    return BootLog(console: text, timedOut: outcome.termination == .timedOut)
  }
}
