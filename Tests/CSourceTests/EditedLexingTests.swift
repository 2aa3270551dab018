import GitBinary
import Testing

@testable import CSource

@Suite("Reading a source again after an edit")
struct EditedLexingTests {
  /// What changes how what follows is read, and what does not.
  private static let pieces = [
    "/*", "*/", "//", "\"", "'", "\\", "\\\n", "\\\r\n", "\n", "\n\n", "#", "#define A ", "#if 1\n", "#endif\n",
    "int a;\n",
    "x->y", "<<=", "...", "{", "}", "(", ")", "\t", " ", "*", "/", "=", "0x1f", "a_name", "\u{c}", "é",
  ]

  private static func text(_ count: Int, _ random: inout SplitMix) -> [UInt8] {
    (0..<count).flatMap { _ in Array(pieces[.random(in: pieces.indices, using: &random)].utf8) }
  }

  @Test("gives what reading all of it gives", arguments: 0..<20)
  func isAsIfReadWhole(seed: UInt64) {
    var random = SplitMix(state: seed)
    for _ in 0..<500 {
      let old = Self.text(.random(in: 0...60, using: &random), &random)
      let start = Int.random(in: 0...old.count, using: &random)
      let range = start..<min(old.count, start + .random(in: 0...12, using: &random))
      let new =
        old[..<range.lowerBound] + Self.text(.random(in: 0...4, using: &random), &random) + old[range.upperBound...]
      let edited = Lexer.lex(old).edited(from: old, to: Array(new), replacing: range)
      guard edited == Lexer.lex(Array(new)) else {
        Issue.record(
          "\(String(decoding: old, as: UTF8.self).debugDescription) with \(range) replaced: \(String(decoding: new, as: UTF8.self).debugDescription)"
        )
        return
      }
    }
  }
}
