import GitBinary
import Testing

@testable import CSource

@Suite("Searching tokens")
struct SearchTests {
  private static let pieces = [
    "get", "getter", "_get", "get2", "2get", "->", ".", "(", ")", "=", " ", "\n", "/* get */", "// get(\n", "\"get\"",
    "'get", "\\\n", "#define get ", "struct ", "ops", "é",
  ]
  private static let patterns = ["get", ".get =", "->get(", "struct ops", "get get", "= =", "->", "get.getter", ""]

  @Test("finds what comparing every token finds", arguments: 0..<10)
  func findsAll(seed: UInt64) {
    var random = SplitMix(state: seed)
    for _ in 0..<300 {
      let text = (0..<40).map { _ in Self.pieces[.random(in: Self.pieces.indices, using: &random)] }.joined()
      let source = SourceFile(path: "a.c", bytes: Array(text.utf8))
      let start = Int.random(in: 0...source.tokens.count, using: &random)
      let scope = start..<Int.random(in: start...source.tokens.count, using: &random)
      for pattern in Self.patterns.map(TokenPattern.init) {
        #expect(
          source.matches(pattern, in: scope) == expected(pattern, in: scope, of: source),
          "\(text.debugDescription), \(scope), \(pattern.text)")
      }
    }
  }

  /// Matches from left to right without overlaps, found token by token.
  private func expected(_ pattern: TokenPattern, in scope: Range<Int>, of source: SourceFile) -> [Range<Int>] {
    let wanted = pattern.tokens.map { pattern.bytes[$0.start..<$0.end] }
    guard !wanted.isEmpty else { return [] }
    var found: [Range<Int>] = []
    for index in scope where index + wanted.count <= scope.upperBound && index >= found.last?.upperBound ?? 0 {
      let tokens = source.tokens[index..<index + wanted.count]
      if zip(tokens, wanted).allSatisfy({ source.bytes[$0.start..<$0.end] == $1 }) {
        found.append(index..<index + wanted.count)
      }
    }
    return found
  }
}
