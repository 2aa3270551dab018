import Diagnostics
import Foundation
import Processes
import Testing

/// A killed run leaves nothing that harms the next one. On the fake kernel every part of a run takes a while, but none
/// takes long.
@Suite(.serialized) struct KilledRunTests {
  @Test func killedAtAnyMomentARunIsTakenUp() async throws {
    var moments = SeededRandom.announced("killing at random moments")
    let seed = moments.seed
    let series = try FakeSeries()
    let start = ContinuousClock.now
    let undisturbed = try await series.verify()
    var whole = ContinuousClock.now - start
    #expect(undisturbed.status == 0, "\(undisturbed.text)")
    let expected = try CacheContents(of: series.cache)

    try FileManager.default.removeItem(atPath: series.cache)
    var kills = 0
    for _ in 0..<100 where kills < 20 {
      let moment = whole * Double.random(in: 0..<1, using: &moments)
      if try await Command.killSeriesmith(
        series.arguments, in: series.folder, environment: series.environment, after: moment)
      {
        kills += 1
        try await expectNoProcess(mentioning: series.cache, "seed \(seed), kill \(kills)")
      } else {
        // The run finished first: start over with an empty cache, and allow for a run faster than the first one.
        whole = whole * 3 / 4
        try FileManager.default.removeItem(atPath: series.cache)
      }
    }
    #expect(kills == 20)
    let final = try await series.verify()
    #expect(final.status == undisturbed.status)
    #expect(try final.json.withoutEffort() == undisturbed.json.withoutEffort(), "seed \(seed)")
    // The cache has the same path as before, so everything in it has the same name.
    #expect(try CacheContents(of: series.cache) == expected, "seed \(seed)")
    #expect(try CacheContents(of: series.cache).heldLocks == [], "seed \(seed)")
  }
}

/// The names of all files in a cache, and the bytes of those that do not vary between runs.
private struct CacheContents: Equatable {
  private var names: Set<String>
  private var bytes: [String: Data] = [:]
  /// Locks that a process still holds.
  private(set) var heldLocks: [String] = []

  init(of cache: String) throws {
    names = Set(try FileManager.default.subpathsOfDirectory(atPath: cache))
    for name in names {
      if name.hasPrefix("trees/") && !name.hasSuffix("/.seriesmith") || name.hasPrefix("indexes/") {
        bytes[name] = FileManager.default.contents(atPath: "\(cache)/\(name)")
      }
      if name.hasSuffix(".lock"), try FileLock.tryAcquire("\(cache)/\(name)") == nil { heldLocks.append(name) }
    }
  }
}
