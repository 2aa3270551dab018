import Diagnostics
import Foundation
import Processes
import Support
import Testing

@testable import Kbuild

@Suite struct PrepareTests {
  @Test func namesWhatThePreparationGeneratedAndFromWhat() async throws {
    let kernel = try FakeKernel()
    let lane = try await kernel.kbuild.prepare(kernel.lane, source: kernel.source)
    let generated = try kernel.kbuild.generatedFiles(in: lane)
    #expect(
      generated == [
        GeneratedFile(
          product: "kernel/bounds.s", source: "kernel/bounds.c",
          dependencies: ["include/linux/page.h", "kernel/bounds.c"])
      ])
    // Files built later are not among them.
    _ = try await kernel.kbuild.build(["drivers/main.o"], in: lane)
    #expect(try kernel.kbuild.generatedFiles(in: lane) == generated)
  }

  @Test func whatAKilledRunLeftIsMadeAnew() async throws {
    let kernel = try FakeKernel()
    let lane = try await kernel.kbuild.prepare(kernel.lane, source: kernel.source)
    // Only the marker is missing, and one file is half written.
    try Files.remove(lane.build + "/.ready")
    try Files.write("half".utf8, to: lane.build + "/include/generated/bounds.h")
    try Files.write("old".utf8, to: lane.build + "/left.o")
    let again = try await kernel.kbuild.prepare(kernel.lane, source: kernel.source)
    #expect(again == lane)
    #expect(!Files.exists(lane.build + "/left.o"))
    let bounds = Files.read(lane.build + "/include/generated/bounds.h").map { String(decoding: $0, as: UTF8.self) }
    #expect(bounds?.contains("PAGES 4") == true)
  }

  @Test func aRunThatIsInterruptedLeavesNoLaneThatLooksComplete() async throws {
    let kernel = try FakeKernel(["kernel/bounds.c": "#include \"slow.h\"\n"])
    // The header never arrives: the compiler waits for it until it is killed.
    #expect(mkfifo(kernel.source.path + "/kernel/slow.h", 0o600) == 0)
    let task = Task { try await kernel.kbuild.prepare(kernel.lane, source: kernel.source) }
    let folder = kernel.cache + "/lanes"
    for _ in 1...3000 {
      if Files.names(in: folder).contains(where: { Files.exists("\(folder)/\($0)/.config") }) { break }
      try await Task.sleep(for: .milliseconds(10))
    }
    task.cancel()
    await #expect(throws: Failure.self) { try await task.value }
    let lanes = Files.names(in: folder).filter { !$0.hasSuffix(".lock") }
    #expect(lanes.count == 1)
    #expect(!Files.exists("\(folder)/\(lanes.first ?? "")/.ready"))
  }

  @Test func severalLanesArePreparedInTheirOrder() async throws {
    let kernel = try FakeKernel()
    let lanes = ["c", "a", "b"].map { name in
      var lane = kernel.lane
      lane.name = name
      return lane
    }
    let prepared = try await kernel.kbuild.prepare(lanes, source: kernel.source)
    #expect(prepared.map(\.lane.name) == ["c", "a", "b"])
    #expect(Set(prepared.map(\.build)).count == 3)
    #expect(try await kernel.kbuild.prepare([], source: kernel.source) == [])
  }

  @Test func oneLaneThatCannotBePreparedStopsAll() async throws {
    let kernel = try FakeKernel()
    var broken = kernel.lane
    broken.name = "broken"
    broken.target = "noconfig"
    let failure = await #expect(throws: Failure.self) {
      try await kernel.kbuild.prepare([kernel.lane, broken], source: kernel.source)
    }
    #expect(failure?.findings.first?.message.contains("configure the lane broken") == true)
  }
}
