import Foundation
import GitBinary
import Testing

/// `verify --sandbox`, on the fake kernel.
@Suite struct SandboxVerifyTests {
  /// A series whose fourth patch makes Kbuild run the line.
  private func series(running line: String) throws -> FakeSeries {
    let series = try FakeSeries()
    let makefile = String(decoding: try series.git("show", "main:drivers/Makefile"), as: UTF8.self)
    try series.commit("drivers: run it", ["drivers/Makefile": makefile + "run := $(shell \(line))\n"])
    try series.commit("twice: four", ["drivers/twice.c": "int twice(void) { return 4; }\n"])
    return series
  }

  @Test func whatASeriesHasTheBuildRunReachesNothing() async throws {
    let made = NSTemporaryDirectory() + "made-\(UUID().uuidString)"
    let series = try series(running: "echo made >> \(made); echo made >> $(srctree)/made")
    defer { try? FileManager.default.removeItem(atPath: made) }
    let contained = try await series.verify()
    #expect(contained.status == 0, "\(contained.text)")
    #expect(contained.text.contains("; patch 4 changes what a build runs, and the build ran in bubblewrap "))
    #expect(!FileManager.default.fileExists(atPath: made))
    #expect(try trees(series).allSatisfy { !FileManager.default.fileExists(atPath: $0 + "/made") })

    try FileManager.default.removeItem(atPath: series.cache)
    let free = try await series.verify(["--sandbox", "never"])
    #expect(free.text.contains("; patch 4 changes what a build runs, and the build ran without a sandbox"))
    #expect(FileManager.default.fileExists(atPath: made))
    #expect(try free.json.withoutEffort() == contained.json.withoutEffort())
  }

  @Test func aSeriesThatChangesNothingThatRunsIsBuiltWithout() async throws {
    let series = try FakeSeries()
    let plain = try await series.verify()
    #expect(plain.status == 0)
    #expect(!plain.text.contains("bubblewrap") && !plain.text.contains("sandbox"))
    try FileManager.default.removeItem(atPath: series.cache)
    let contained = try await series.verify(["--sandbox", "always"])
    #expect(contained.text.contains("; built in bubblewrap "), "\(contained.text)")
    #expect(try contained.json.withoutEffort() == plain.json.withoutEffort())
  }

  @Test func withoutASandboxItIsNotBuilt() async throws {
    let series = try series(running: "true")
    let programs = series.folder + "/programs"
    try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
    try Script.write("#!/bin/sh\necho bwrap: no namespaces here >&2\nexit 1\n", to: programs + "/bwrap")
    let path = "\(programs):\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
    let run = try await Command.seriesmith(
      series.arguments, in: series.folder, environment: series.environment.merging(["PATH": path]) { $1 })
    #expect(run.status == 69)
    #expect(run.error.contains("bwrap: no namespaces here"), "\(run.error)")
    #expect(
      run.error.contains("the series changes what a build runs; --sandbox never builds without a sandbox"),
      "\(run.error)")
  }

  /// The checkouts that lanes are built from.
  private func trees(_ series: FakeSeries) throws -> [String] {
    let folder = series.cache + "/trees"
    return try FileManager.default.contentsOfDirectory(atPath: folder).map { "\(folder)/\($0)" }
  }
}
