import Foundation
import GitBinary
import Testing

/// Runs that use the same files at the same time.
@Suite(.serialized) struct ParallelRunTests {
  @Test func allVerifyInOneCache() async throws {
    let series = try FakeSeries()
    let alone = try await series.verify()
    for _ in 0..<3 {
      try FileManager.default.removeItem(atPath: series.cache)
      let files = (0..<4).map { "\(series.folder)/\($0).json" }
      let runs = try await Self.together(
        files.map { series.arguments + ["--json", $0] }, in: series.folder, series.environment)
      for run in runs { #expect(run.status == 0, "\(run.error)") }
      for file in files {
        let json = try #require(FileManager.default.contents(atPath: file))
        #expect(try json.withoutEffort() == alone.json.withoutEffort())
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: series.cache + "/scratch") == [])
    }
  }

  /// The folder ends up with one of the series, not a mixture.
  @Test func allGenerateIntoOneFolder() async throws {
    let migration = try SmallMigration()
    var whole: [[String: String]] = []
    for reroll in 1...4 {
      #expect(try await migration.generate(["--reroll", "\(reroll)"], into: "\(reroll)").status == 0)
      whole.append(try migration.files(of: "\(reroll)"))
    }
    for _ in 0..<10 {
      let runs = try await Self.together(
        (1...4).map { reroll in
          [
            "generate", "series/series.yaml", "--tree", migration.kernel.path, "--output", "out", "--reroll",
            "\(reroll)",
          ]
        }, in: migration.folder, migration.environment)
      for run in runs { #expect(run.status == 0, "\(run.error)") }
      let found = try migration.files()
      #expect(whole.contains(found), "\(found.keys.sorted())")
    }
  }

  /// Runs `seriesmith` with each of `commands` at once.
  private static func together(
    _ commands: [[String]], in folder: String, _ environment: [String: String]
  ) async throws -> [Command.Result] {
    try await withThrowingTaskGroup(of: Command.Result.self) { group in
      for arguments in commands {
        group.addTask { try await Command.seriesmith(arguments, in: folder, environment: environment) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }
}
