public import Descriptions
public import Diagnostics
import FoundationEssentials
import Glibc
import Processes
import Support

/// Whether a virtual machine can use the processor as it is, which is faster than emulating one.
public enum Virtualisation: String, Sendable, Encodable {
  case works
  /// There is no KVM.
  case absent
  /// There is one that this user may not use.
  case denied
  /// There is one in which the machine that kernels are booted in does not start.
  case fails

  /// Finds out in a moment, with a machine that does nothing but end. That a whole kernel boots, `prove` tries with one.
  ///
  /// - Parameter scratch: an existing folder.
  public static func found(_ plan: MachineDescription, scratch: String) async throws(Failure) -> Virtualisation {
    guard access("/dev/kvm", F_OK) == 0 else { return .absent }
    guard access("/dev/kvm", R_OK | W_OK) == 0 else { return .denied }
    let firmware = "\(scratch)/firmware"
    try Files.write(Self.firmware, to: firmware)
    let machine = Command(
      plan.emulator,
      plan.arguments + [
        "-accel", VirtualMachine.Accelerator.kvm.rawValue, "-bios", firmware,
        "-device", "isa-debug-exit,iobase=0xf4,iosize=1",
      ])
    return try await run(machine, timeLimit: .seconds(10)).termination == .exited(2 * answer + 1) ? .works : .fails
  }

  /// What the debug device makes its emulator's status of.
  private static let answer: Int32 = 42

  /// 64 KiB, 16 bytes before whose end a processor starts: `mov $answer, %al; out %al, $0xf4; hlt`.
  private static let firmware: [UInt8] =
    [UInt8](repeating: 0, count: 0xfff0) + [0xb0, UInt8(answer), 0xe6, 0xf4, 0xf4] + [UInt8](repeating: 0, count: 11)
}
