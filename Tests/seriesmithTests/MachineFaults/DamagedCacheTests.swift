import Foundation
import Testing

/// A damaged cache entry is never used.
@Suite(.serialized) struct DamagedCacheTests {
  /// Files of every kind affect the verdict, so damage could show in a series that falls as well as in one that stands.
  /// Depth full makes every kind of file.
  @Test(arguments: [false, true]) func theReportIsThatOfAWholeCache(_ falls: Bool) async throws {
    var random = SeededRandom.announced("damaging files of the cache")
    let migration = try SmallMigration()
    #expect(try await migration.generate().status == 0)
    if falls { try migration.edit("out/0003-drivers-implement-fetch.patch", "*length = 1;", "*length = one;") }
    let expected = try await report(migration)
    #expect(expected.status == (falls ? 1 : 0))
    let cache = migration.folder + "/cache"
    for round in 0..<8 {
      // With verdicts nothing is compiled, so remove them in half of the rounds to have the other entries read.
      if round % 2 == 1 { try FileManager.default.removeItem(atPath: cache + "/verdicts") }
      var damaged: [String] = []
      let share = round < 4 ? 1 : Double.random(in: 0..<0.3, using: &random)
      for file in try Damage.files(in: cache) where Double.random(in: 0..<1, using: &random) < share {
        let damage = Damage.allCases.randomElement(using: &random) ?? .bit
        try damage.befall(file, silently: !file.hasPrefix(cache + "/trees/"), using: &random)
        damaged.append("\(damage) \(file.dropFirst(cache.count + 1))")
      }
      let found = try await report(migration)
      #expect(found == expected, "seed \(random.seed), round \(round): \(damaged)")
    }
  }

  private struct Found: Equatable {
    var status: Int32
    var report: NSDictionary?
    var error: String

    static func == (one: Found, other: Found) -> Bool { one.status == other.status && one.report == other.report }
  }

  private func report(_ migration: SmallMigration) async throws -> Found {
    let file = migration.folder + "/report.json"
    try? FileManager.default.removeItem(atPath: file)
    let run = try await migration.verify(options: ["--json", file])
    return Found(
      status: run.status, report: try FileManager.default.contents(atPath: file)?.withoutEffort(), error: run.error)
  }
}
