import Descriptions
import Diagnostics
import Glibc
import Processes
import Support

/// A virtual machine that boots kernels.
struct VirtualMachine: Sendable {
  let plan: MachineDescription
  /// The path of the initramfs.
  let initramfs: String
  let accelerator: Accelerator

  enum Accelerator: String {
    case kvm, tcg
  }

  /// The fastest kind of machine that works here.
  ///
  /// On some hosts KVM is present, but a guest hangs while it decompresses its kernel. So a trial boot decides whether
  /// KVM is used.
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
        // The emulator cannot use KVM: emulate as well.
      }
    }
    return VirtualMachine(plan: plan, initramfs: initramfs, accelerator: .tcg)
  }

  /// Boots the kernel, and waits until the machine is off or the time limit has passed. Leaves no process behind.
  ///
  /// - Parameter image: the path of a kernel in a folder that only this run uses. The console's log goes beside it.
  /// - Throws: `Failure(.unavailable)` if the emulator itself fails. A kernel that dies or hangs is a result.
  func boot(_ image: String, _ boot: BootDescription) async throws(Failure) -> BootLog {
    // A file, so that the output of a machine that hangs is not lost.
    let console = "\(image).\(boot.name).console"
    try Files.remove(console)
    let command = Command(
      plan.emulator,
      plan.arguments + boot.arguments + [
        "-accel", boot.accelerator ?? accelerator.rawValue, "-serial", "file:\(console)", "-kernel", image, "-initrd",
        initramfs,
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
