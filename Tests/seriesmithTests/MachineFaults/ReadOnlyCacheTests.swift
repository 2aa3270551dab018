import Foundation
import GitBinary
import Testing

/// Runs with a cache on a read-only file system.
@Suite(.serialized, .enabled(if: Namespace.isAvailable, Namespace.isNeeded)) struct ReadOnlyCacheTests {
  private static let closed = "mount --bind cache cache; mount -o remount,bind,ro cache; \"$@\""

  @Test func whatIsKnownIsAnswered() async throws {
    let migration = try SmallMigration()
    #expect(try await migration.generate().status == 0)
    let open = try await migration.verify()
    #expect(open.status == 0, "\(open.error)")
    let tree = ["--tree", migration.kernel.path]
    let series = ["series/series.yaml"] + tree
    let sources = ["out"] + tree + ["--base", "base", "--lanes", "lanes.yaml"]
    for arguments in [
      ["scan"] + series, ["generate"] + series + ["--output", "again"], ["verify"] + sources + ["--depth", "full"],
      ["cache"],
    ] {
      let run = try await Namespace.run(
        Self.closed, arguments, in: migration.folder, environment: migration.environment)
      #expect(run.status == 0, "\(arguments): \(run.error)")
      if arguments[0] == "verify" { #expect(run.output.contains("\n0 compilations for "), "\(run.output)") }
    }
    #expect(try migration.files(of: "again") == migration.files())
  }

  @Test func whatIsNotNamesTheFolder() async throws {
    let series = try FakeSeries()
    try FileManager.default.createDirectory(atPath: series.cache, withIntermediateDirectories: true)
    let run = try await Namespace.run(
      Self.closed, series.arguments, in: series.folder, environment: series.environment)
    #expect(run.status == 69)
    for text in [series.cache, "Read-only file system", "SERIESMITH_CACHE"] {
      #expect(run.error.contains(text), "\(run.error)")
    }
  }
}
