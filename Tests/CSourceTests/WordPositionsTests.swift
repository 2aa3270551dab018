import CSource
import Testing

@Suite struct WordPositionsTests {
  @Test(arguments: [
    ("x foo_bar y", [2]), ("foo_bar", [0]), ("foo_ba", []), ("xfoo_bar", []), ("foo_bar1 foo_bar", [9]),
    ("foo_barx", []), ("", []), ("f", []), ("/* foo_bar */ foo_bar", [3, 14]), ("foo_ba foo_bar", [7]),
    ("\u{e9}foo_bar\u{e9}", [2]),
  ])
  func onlyWholeWordsCount(text: String, positions: [Int]) {
    #expect(WordPositions.of("foo_bar", in: Array(text.utf8)) == positions)
  }

  @Test func theyAreThoseOfALookAtEveryWord() {
    var random = SystemRandomNumberGenerator()
    let letters = Array("ab_ ".utf8)
    for _ in 0..<5000 {
      func text(_ length: ClosedRange<Int>) -> [UInt8] {
        (0..<Int.random(in: length, using: &random)).map { _ in letters.randomElement(using: &random) ?? 0 }
      }
      let words = (0..<3).map { _ in text(0...5).filter { $0 != 0x20 } + [0x61] }
      let source = text(0...40)
      let expected = source.split(separator: 0x20).filter { words.contains(Array($0)) }.map(\.startIndex)
      let positions = source.withUnsafeBytes { bytes in
        WordPositions.of(words.map { String(decoding: $0, as: UTF8.self) }, in: bytes)
      }
      #expect(positions == expected, "\(words) in \(source)")
    }
  }

  @Test func noWordStandsAnywhere() {
    #expect(WordPositions.of("", in: [0x20]).isEmpty)
    #expect([0x20].withUnsafeBytes { WordPositions.of([], in: $0) }.isEmpty)
  }
}
