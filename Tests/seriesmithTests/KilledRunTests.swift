import Diagnostics
import Foundation
import Processes
import Testing

/// A run that is killed leaves nothing that harms the next one. On the fake kernel, so that every part of a run takes a
/// while and none takes long.
@Suite(.serialized) struct KilledRunTests {
  @Test func killedAtAnyMomentARunIsTakenUp() async throws {
    let seed =
      ProcessInfo.processInfo.environment["SERIESMITH_TEST_SEED"].flatMap(UInt64.init) ?? .random(in: 0 ... .max)
    print("killing at random moments: SERIESMITH_TEST_SEED=\(seed)")
    var moments = SeededRandom(seed: seed)
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
        // It was done before: on to a run that has everything to do, and that may be faster than the first one was.
        whole = whole * 3 / 4
        try FileManager.default.removeItem(atPath: series.cache)
      }
    }
    #expect(kills == 20)
    let final = try await series.verify()
    #expect(final.status == undisturbed.status)
    #expect(try final.json.withoutEffort() == undisturbed.json.withoutEffort(), "seed \(seed)")
    // The cache has the same path as before, so that everything in it has the same name.
    #expect(try CacheContents(of: series.cache) == expected, "seed \(seed)")
    #expect(try CacheContents(of: series.cache).heldLocks == [], "seed \(seed)")
  }

  /// Expects that soon no process has the path in its arguments, its environment or as its folder.
  private func expectNoProcess(mentioning path: String, _ comment: Comment) async throws {
    var left: [String] = []
    for _ in 0..<100 {
      left =
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.filter { process in
          guard Int32(process) != nil else { return false }
          let folder = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")) ?? ""
          return folder.hasPrefix(path)
            || ["cmdline", "environ"].contains { file in
              FileManager.default.contents(atPath: "/proc/\(process)/\(file)")?.range(of: Data(path.utf8)) != nil
            }
        } ?? []
      if left.isEmpty { return }
      try await Task.sleep(for: .milliseconds(100))
    }
    Issue.record("processes left: \(left). \(comment)")
  }
}

/// What a cache holds: the names of all there is, and the bytes of what is not of a moment.
private struct CacheContents: Equatable {
  private var names: Set<String>
  private var bytes: [String: Data] = [:]
  /// Locks that somebody holds.
  private(set) var heldLocks: [String] = []

  init(of cache: String) throws {
    names = Set(try FileManager.default.subpathsOfDirectory(atPath: cache))
    for name in names {
      if name.hasPrefix("trees/") || name.hasPrefix("indexes/") {
        bytes[name] = FileManager.default.contents(atPath: "\(cache)/\(name)")
      }
      if name.hasSuffix(".lock"), try FileLock.tryAcquire("\(cache)/\(name)") == nil { heldLocks.append(name) }
    }
  }
}

/// SplitMix64: the same numbers from the same seed.
private struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
