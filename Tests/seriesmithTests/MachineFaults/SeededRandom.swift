import Foundation
import GitBinary

/// Random numbers with a seed that can be printed and given again.
struct SeededRandom: RandomNumberGenerator {
  let seed: UInt64
  private var numbers: SplitMix

  init(seed: UInt64) { (self.seed, numbers) = (seed, SplitMix(state: seed)) }

  /// Uses the seed from the environment, or else a new one, and prints it.
  static func announced(_ what: String) -> SeededRandom {
    let given = ProcessInfo.processInfo.environment["SERIESMITH_TEST_SEED"].flatMap(UInt64.init)
    let random = SeededRandom(seed: given ?? .random(in: 0 ... .max))
    print("\(what): SERIESMITH_TEST_SEED=\(random.seed)")
    return random
  }

  mutating func next() -> UInt64 { numbers.next() }
}
