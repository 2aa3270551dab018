import Foundation
import GitBinary
import Testing

/// Runs killed while they replace one series with another: at each system call that renames or removes a file.
@Suite(.serialized) struct KilledReplacementTests {
  @Test func aMixOfTwoSeriesIsTakenForNone() async throws {
    let migration = try SmallMigration()
    #expect(try await migration.generate(into: "old").status == 0)
    #expect(try await migration.generate(["--reroll", "2"], into: "new").status == 0)
    let (old, new) = (try migration.files(of: "old"), try migration.files(of: "new"))
    var mixes = 0
    var calls = 0
    while true {
      calls += 1
      try? FileManager.default.removeItem(atPath: migration.folder + "/out")
      try FileManager.default.copyItem(atPath: migration.folder + "/old", toPath: migration.folder + "/out")
      let run = try await Command.tool(
        "strace",
        [
          "--follow-forks", "--output=/dev/null", "--trace=rename,unlink,unlinkat",
          "--inject=rename,unlink,unlinkat:signal=SIGKILL:when=\(calls)", Command.executable, "generate",
          "series/series.yaml", "--tree", migration.kernel.path, "--output", "out", "--reroll", "2",
        ], in: migration.folder, environment: migration.environment)
      if run.status == 0 { break }
      let comment = Comment(rawValue: "killed at call \(calls): \(run.error)")
      let found = try patches(migration)
      if found != old, found != new {
        mixes += 1
        let verified = try await migration.verify(options: ["--depth", "apply"])
        #expect(verified.status == 65, comment)
        #expect(
          verified.error.contains(
            "out: error: the patches are being replaced, or a run that replaced them was killed\n"))
      }
      #expect(try await migration.generate(["--reroll", "2"]).status == 0, comment)
      #expect(try migration.files() == new, comment)
      try #require(calls < 200)
    }
    // Calls are counted per thread, so not every one is hit.
    #expect(mixes > 1)
  }

  /// The files that a user sees in the folder.
  private func patches(_ migration: SmallMigration) throws -> [String: String] {
    let path = migration.folder + "/out"
    let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { !$0.hasPrefix(".") }
    return Dictionary(
      uniqueKeysWithValues: try names.map { ($0, try String(contentsOfFile: "\(path)/\($0)", encoding: .utf8)) })
  }
}
