public import Descriptions
public import Diagnostics
import FoundationEssentials
import Glibc
import Processes
import Support

/// Whether virtual machines can use KVM, which is faster than emulating a processor.
public enum Virtualisation: String, Sendable, Encodable {
  /// A machine started with KVM.
  case works
  /// There is no `/dev/kvm`.
  case absent
  /// This user may not open `/dev/kvm`.
  case denied
  /// `/dev/kvm` can be opened, but the plan's machine does not start with it.
  case fails

  /// Tries KVM with a machine that only exits, which takes a moment. `prove` itself tries it with a whole kernel.
  ///
  /// - Parameters:
  ///   - plan: the machine to start.
  ///   - scratch: the path of an existing folder.
  /// - Throws: `Failure(.unavailable)` if the emulator cannot be run.
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

  /// The value written to the debug device, which exits the emulator with status 2 * value + 1.
  private static let answer: Int32 = 42

  /// 64 KiB of firmware. The processor starts 16 bytes before its end: `mov $answer, %al; out %al, $0xf4; hlt`.
  private static let firmware: [UInt8] =
    [UInt8](repeating: 0, count: 0xfff0) + [0xb0, UInt8(answer), 0xe6, 0xf4, 0xf4] + [UInt8](repeating: 0, count: 11)
}
