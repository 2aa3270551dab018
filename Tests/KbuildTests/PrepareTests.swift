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

  /// A fifo that nobody writes to stands in for a file that takes long to read.
  @Test func anInterruptedPreparationGoesOnWhereItStopped() async throws {
    let kernel = try FakeKernel(["kernel/bounds.c": "#include \"slow.h\"\n" + Self.bounds])
    let slow = kernel.source.path + "/kernel/slow.h"
    #expect(mkfifo(slow, 0o600) == 0)
    let task = Task { try await kernel.kbuild.prepare(kernel.lane, source: kernel.source) }
    try await Self.waitForReader(of: slow)
    task.cancel()
    await #expect(throws: Failure.self) { try await task.value }
    let folder = kernel.cache + "/lanes"
    let build = folder + "/" + (try #require(Files.names(in: folder).first { !$0.hasSuffix(".lock") }))
    #expect(!Files.exists(build + "/.ready"))
    let configured = try Self.time(build + "/.config")

    try Files.remove(slow)
    try Files.write([], to: slow)
    let lane = try await kernel.kbuild.prepare(kernel.lane, source: kernel.source)
    #expect(lane.build == build && lane.isWhole)
    #expect(try Self.time(build + "/.config") == configured)
    let bounds = Files.read(build + "/include/generated/bounds.h").map { String(decoding: $0, as: UTF8.self) }
    #expect(bounds?.contains("PAGES 4") == true)
    // It is as if nothing had happened.
    let other = try FakeKernel(["kernel/bounds.c": "#include \"slow.h\"\n" + Self.bounds, "kernel/slow.h": ""])
    let undisturbed = try await other.kbuild.prepare(other.lane, source: other.source)
    #expect(try kernel.contents(of: lane).keys.sorted() == other.contents(of: undisturbed).keys.sorted())
  }

  @Test func whatChangedAfterAnInterruptionIsMadeAnew() async throws {
    let kernel = try FakeKernel(["kernel/bounds.c": "#include \"slow.h\"\n" + Self.bounds])
    let slow = kernel.source.path + "/kernel/slow.h"
    #expect(mkfifo(slow, 0o600) == 0)
    let task = Task { try await kernel.kbuild.prepare(kernel.lane, source: kernel.source) }
    try await Self.waitForReader(of: slow)
    task.cancel()
    await #expect(throws: Failure.self) { try await task.value }
    let folder = kernel.cache + "/lanes"
    let build = folder + "/" + (try #require(Files.names(in: folder).first { !$0.hasSuffix(".lock") }))
    try Files.write("CONFIG_DAMAGED=y\n".utf8, to: build + "/.config")
    try Files.remove(slow)
    try Files.write([], to: slow)
    _ = try await kernel.kbuild.prepare(kernel.lane, source: kernel.source)
    #expect(Files.read(build + "/.config") == Array("CONFIG_DRIVER=m\n".utf8))
  }

  @Test func anInterruptedBuildLeavesTheLanePrepared() async throws {
    let kernel = try FakeKernel(["drivers/main.c": "#include \"slow.h\"\nint main_part(void) { return 1; }\n"])
    let slow = kernel.source.path + "/drivers/slow.h"
    #expect(mkfifo(slow, 0o600) == 0)
    let lane = try await kernel.kbuild.prepare(kernel.lane, source: kernel.source)
    let task = Task { try await kernel.kbuild.build(["drivers/twice.o", "drivers/main.o"], in: lane) }
    try await Self.waitForReader(of: slow)
    #expect(!lane.isWhole)
    task.cancel()
    await #expect(throws: Failure.self) { _ = try await task.value }
    #expect(lane.isWhole)
    #expect(!Files.exists(lane.build + "/drivers/main.o"))
    try Files.remove(slow)
    try Files.write([], to: slow)
    let built = try await kernel.kbuild.build(["drivers/main.o"], in: lane)
    guard case .built = built["drivers/main.o"] else {
      Issue.record("\(built)")
      return
    }
  }

  private static let bounds = "asm(\".ascii \\\"->PAGES 4\\\"\");\n"

  /// Waits until somebody opens a fifo to read it.
  private static func waitForReader(of fifo: String) async throws {
    while true {
      let descriptor = open(fifo, O_WRONLY | O_NONBLOCK)
      // Kept open, so that the reader waits instead of finding the end.
      if descriptor >= 0 { return }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  private static func time(_ path: String) throws -> Date? {
    try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
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
