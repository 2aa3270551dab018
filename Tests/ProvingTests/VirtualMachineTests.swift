import Diagnostics
import Foundation
import GitBinary
import Processes
import Support
import Testing

@testable import Descriptions
@testable import Proving

/// Virtual machines with a script as the emulator.
@Suite struct VirtualMachineTests {
  private func boot(_ script: String, timeLimit: Duration = .seconds(600)) async throws -> BootLog {
    let folder = NSTemporaryDirectory() + "machine-\(UUID().uuidString)"
    try Files.makeFolder(folder)
    defer { try? Files.remove(folder) }
    let emulator = folder + "/emulator"
    // Writes to the console given by -serial.
    let text = """
      #!/bin/sh
      for word; do case $word in file:*) console=${word#file:} ;; esac; done
      \(script)
      """
    try Script.write(text, to: emulator)
    let machine = VirtualMachine(
      plan: MachineDescription(
        emulator: emulator, package: "", arguments: ["-m", "1G"], kernelArguments: "console=ttyS0"),
      initramfs: "initramfs", accelerator: .tcg)
    let boot = BootDescription(
      name: "selftests", why: "tests", states: .all, kernelArguments: "prove=vfio", timeLimit: timeLimit)
    return try await machine.boot(folder + "/bzImage", boot)
  }

  @Test func whatAMachineIsGiven() async throws {
    let log = try await boot("echo \"$*\" >$console; echo 'prove: done' >>$console")
    #expect(log.ending == .finished)
    let words = try #require(log.tail.first)
    #expect(words.hasPrefix("-m 1G -accel tcg -serial file:"))
    #expect(words.hasSuffix("/bzImage -initrd initramfs -append console=ttyS0 prove=vfio"))
  }

  @Test func oneThatHangsIsKilledAndItsConsoleKept() async throws {
    let log = try await boot("echo 'Decompressing Linux...' >$console; sleep 3600", timeLimit: .seconds(3))
    #expect(log.ending == .hung)
    #expect(log.tail == ["Decompressing Linux..."])
  }

  @Test func anEmulatorThatFails() async throws {
    let failure = await #expect(throws: Failure.self) { try await boot("echo 'no such machine' >&2; exit 1") }
    #expect(failure?.status == .unavailable)
    #expect(failure?.findings.first?.notes.last == "no such machine")
  }
}
