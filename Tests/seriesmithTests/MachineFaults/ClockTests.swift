import Foundation
import Testing

/// Wrong clocks: cache entries come from the future, or are as old as possible.
@Suite(.serialized) struct ClockTests {
  /// A year ahead, the beginning of time, and now.
  @Test(arguments: [Date().addingTimeInterval(31_536_000), Date(timeIntervalSince1970: 0)])
  func timesChangeNothing(_ date: Date) async throws {
    let migration = try SmallMigration()
    #expect(try await migration.generate().status == 0)
    let cache = migration.folder + "/cache"
    let first = try await report(migration)
    for round in 0..<3 {
      for path in try FileManager.default.subpathsOfDirectory(atPath: cache) {
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: "\(cache)/\(path)")
      }
      // Round 1 keeps the prepared lanes but no verdicts; round 2 keeps neither.
      if round > 0 { try FileManager.default.removeItem(atPath: cache + "/verdicts") }
      if round > 1 { try FileManager.default.removeItem(atPath: cache + "/lanes") }
      #expect(try await report(migration) == first, "round \(round)")
    }
  }

  /// A day back, and a year ahead: the command and its children see another time than the file system.
  @Test(arguments: [-86_400, 31_536_000]) func theClockMayBeSetDuringARun(seconds: Int) async throws {
    let series = try FakeSeries()
    let expected = try await series.verify().json.withoutEffort()
    try FileManager.default.removeItem(atPath: series.cache)
    try FileManager.default.removeItem(atPath: series.folder + "/report.json")
    let clock = series.folder + "/clock"
    func set(_ seconds: Int) throws {
      try "\(seconds < 0 ? "" : "+")\(seconds)\n".write(toFile: clock, atomically: true, encoding: .utf8)
    }
    func run(_ command: [String]) async throws -> Command.Result {
      try await Command.tool(
        "faketime",
        // By default faketime sets the clock only once.
        ["-m", "-f", "+0", "env", "--unset=FAKETIME", "FAKETIME_TIMESTAMP_FILE=\(clock)", "FAKETIME_NO_CACHE=1"]
          + ["FAKETIME_DONT_FAKE_MONOTONIC=1", "NO_FAKE_STAT=1"] + command, in: series.folder,
        environment: series.environment)
    }
    try set(seconds)
    let date = try await run(["date", "+%s"]).output.trimmingCharacters(in: .newlines)
    #expect(abs((Double(date) ?? 0) - Date().timeIntervalSince1970 - Double(seconds)) < 3600)

    let setting = Task {
      var time = 0
      while true {
        time = time == 0 ? seconds : 0
        try set(time)
        try await Task.sleep(for: .milliseconds(50))
      }
    }
    let verified = try await run([Command.executable] + series.arguments + ["--json", "report.json"])
    setting.cancel()
    _ = await setting.result
    #expect(verified.status == 0, "\(verified.output)\(verified.error)")
    let report = try #require(FileManager.default.contents(atPath: series.folder + "/report.json"))
    #expect(try report.withoutEffort() == expected)
    // The cached results are used, and are right.
    let again = try await series.verify()
    #expect(again.text.contains("\n0 compilations for "), "\(again.text)")
    #expect(try again.json.withoutEffort() == expected)
  }

  /// The last use is unknown: the entry stays until it is used again and then unused for a while.
  @Test func whatWasUsedInTheFutureIsNotPruned() async throws {
    let series = try FakeSeries()
    #expect(try await series.verify().status == 0)
    for part in ["trees", "indexes", "lanes"] {
      for name in try FileManager.default.contentsOfDirectory(atPath: "\(series.cache)/\(part)") {
        try FileManager.default.setAttributes(
          [.modificationDate: Date().addingTimeInterval(31_536_000)], ofItemAtPath: "\(series.cache)/\(part)/\(name)")
      }
    }
    let pruned = try await Command.seriesmith(["cache", "prune", "--days", "1"], environment: series.environment)
    #expect(pruned.status == 0)
    let again = try await series.verify()
    #expect(again.text.contains("\n0 compilations for "), "\(again.text)")
    let all = try await Command.seriesmith(["cache", "prune", "--days", "0"], environment: series.environment)
    #expect(all.status == 0)
    for part in ["trees", "indexes", "lanes"] {
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(series.cache)/\(part)") == [], "\(part)")
    }
  }

  private func report(_ migration: SmallMigration) async throws -> NSDictionary {
    let run = try await migration.verify(options: ["--json", migration.folder + "/report.json"])
    #expect(run.status == 0, "\(run.error)\(run.output)")
    return try #require(FileManager.default.contents(atPath: migration.folder + "/report.json")).withoutEffort()
  }
}
