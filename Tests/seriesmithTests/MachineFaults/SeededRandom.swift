import Foundation

/// SplitMix64: the same numbers from the same seed.
struct SeededRandom: RandomNumberGenerator {
  let seed: UInt64
  private var state: UInt64

  init(seed: UInt64) { (self.seed, state) = (seed, seed) }

  /// Another seed each time, which is printed, unless the environment gives one.
  static func announced(_ what: String) -> SeededRandom {
    let given = ProcessInfo.processInfo.environment["SERIESMITH_TEST_SEED"].flatMap(UInt64.init)
    let random = SeededRandom(seed: given ?? .random(in: 0 ... .max))
    print("\(what): SERIESMITH_TEST_SEED=\(random.seed)")
    return random
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
