/// A run of C tokens to search for; white space and comments do not matter.
struct TokenPattern {
  let text: String
  let bytes: [UInt8]
  let tokens: [Token]

  init(_ text: String) {
    self.text = text
    bytes = Array(text.utf8)
    tokens = Lexer.lex(bytes).tokens
  }

  /// Whether another pattern has the same tokens.
  func isSame(as other: TokenPattern) -> Bool {
    tokens.count == other.tokens.count
      && zip(tokens, other.tokens).allSatisfy { $0.isSpelt(like: $1, bytes, other.bytes) }
  }
}

extension SourceFile {
  /// The token ranges inside `scope` that spell `pattern`.
  func matches(_ pattern: TokenPattern, in scope: Range<Int>) -> [Range<Int>] {
    let length = pattern.tokens.count
    guard length > 0 else { return [] }
    var found: [Range<Int>] = []
    var index = scope.lowerBound
    while index + length <= scope.upperBound {
      if spells(pattern, at: index) {
        found.append(index..<index + length)
        index += length
      } else {
        index += 1
      }
    }
    return found
  }

  func spells(_ pattern: TokenPattern, at index: Int) -> Bool {
    guard index + pattern.tokens.count <= tokens.count else { return false }
    return pattern.tokens.indices.allSatisfy { step in
      tokens[index + step].isSpelt(like: pattern.tokens[step], bytes, pattern.bytes)
    }
  }

  /// The byte range of the tokens; indices beyond the last token are ignored.
  func offsets(_ range: Range<Int>) -> Range<Int> {
    let range = range.clamped(to: tokens.indices)
    guard let first = range.first, let last = range.last else { return 0..<0 }
    return tokens[first].start..<tokens[last].end
  }

  /// Whether token ranges of two files spell the same C, white space and comments aside.
  public func sameTokens(_ range: Range<Int>, as other: SourceFile, _ otherRange: Range<Int>) -> Bool {
    guard range.count == otherRange.count else { return false }
    return zip(range, otherRange).allSatisfy { mine, theirs in
      tokens[mine].isSpelt(like: other.tokens[theirs], bytes, other.bytes)
    }
  }
}
