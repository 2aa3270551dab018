import Glibc

/// Whether a source has any of some words, as whole ones, in comments and strings too.
///
/// Most bytes are not looked at (Wu and Manber): of a stretch as long as the shortest word, the last two bytes say how far
/// off the end of such a stretch of any word is at least.
struct AnyWord: Sendable {
  private let words: [[UInt8]]
  /// What of each word is looked for by `skips`: as much as the shortest has.
  private let length: Int
  private let skips: [UInt8]

  init(_ words: some Collection<String>) {
    self.words = words.map { Array($0.utf8) }
    length = min(self.words.map(\.count).min() ?? 0, Int(UInt8.max))
    var skips = [UInt8](repeating: UInt8(max(0, length - 1)), count: 1 << 12)
    for word in self.words {
      for end in 1..<max(1, length) {
        let pair = Self.pair(word[end - 1], word[end])
        skips[pair] = min(skips[pair], UInt8(length - 1 - end))
      }
    }
    self.skips = skips
  }

  func isNamed(in source: UnsafeRawBufferPointer) -> Bool {
    guard length > 0 else { return false }
    return skips.withUnsafeBufferPointer { skips in
      var end = length - 1
      while end < source.count {
        let skip = length == 1 ? 0 : skips[Self.pair(source[end &- 1], source[end])]
        if skip == 0, words.contains(where: { Self.stands($0, at: end &- length &+ 1, in: source) }) { return true }
        end &+= max(1, Int(skip))
      }
      return false
    }
  }

  /// Two bytes without the bits in which those of words seldom differ, so that `skips` stays in the fastest cache.
  @inline(__always)
  private static func pair(_ first: UInt8, _ second: UInt8) -> Int { Int(first & 63) << 6 | Int(second & 63) }

  private static func stands(_ word: [UInt8], at start: Int, in source: UnsafeRawBufferPointer) -> Bool {
    let end = start + word.count
    guard end <= source.count, let base = source.baseAddress, memcmp(base + start, word, word.count) == 0 else {
      return false
    }
    let isWord = WordScanner.isWord
    return (start == 0 || !isWord[Int(source[start - 1])]) && (end == source.count || !isWord[Int(source[end])])
  }
}
