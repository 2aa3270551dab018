/// A run of C tokens to look for, blind to white space and comments.
public struct TokenPattern: Sendable, Hashable {
  public let text: String
  let bytes: [UInt8]
  let tokens: [Token]
  /// The longest of its tokens that are words, as its index and its bytes; nil where none is.
  private(set) var word: Word?

  struct Word: Hashable {
    var index: Int
    var bytes: [UInt8]
  }

  public init(_ text: String) {
    self.text = text
    bytes = Array(text.utf8)
    tokens = Lexer.lex(bytes).tokens
    let words = tokens.indices.filter { tokens[$0].kind == .identifier }
    if let longest = words.max(by: { tokens[$0].length < tokens[$1].length }) {
      word = Word(index: longest, bytes: Array(bytes[tokens[longest].start..<tokens[longest].end]))
    }
  }

  /// Whether another pattern says the same C, white space and comments aside.
  func isSame(as other: TokenPattern) -> Bool {
    tokens.count == other.tokens.count
      && zip(tokens, other.tokens).allSatisfy { $0.isSpelt(like: $1, bytes, other.bytes) }
  }
}

extension SourceFile {
  /// The token ranges inside `scope` that spell `pattern`.
  func matches(_ pattern: TokenPattern, in scope: Range<Int>) -> [Range<Int>] {
    let length = pattern.tokens.count
    guard length > 0, scope.count >= length else { return [] }
    var found: [Range<Int>] = []
    func match(at index: Int) {
      guard index >= found.last?.upperBound ?? scope.lowerBound, index + length <= scope.upperBound,
        spells(pattern, at: index)
      else { return }
      found.append(index..<index + length)
    }
    if let word = pattern.word {
      // Bytes are searched much faster than tokens are compared.
      for position in WordPositions.of(word.bytes, in: bytes, offsets(scope)) {
        if let index = token(startingAt: position) { match(at: index - word.index) }
      }
    } else {
      scope.forEach(match)
    }
    return found
  }

  /// The index of the token that starts at an offset; nil where none does, as in a comment.
  private func token(startingAt offset: Int) -> Int? {
    let index = tokens.prefix(before: offset).count
    return index < tokens.count && tokens[index].start == offset ? index : nil
  }

  func spells(_ pattern: TokenPattern, at index: Int) -> Bool {
    guard index + pattern.tokens.count <= tokens.count else { return false }
    return pattern.tokens.indices.allSatisfy { step in
      tokens[index + step].isSpelt(like: pattern.tokens[step], bytes, pattern.bytes)
    }
  }

  /// Where the tokens stand, those beyond the file's end left out.
  func offsets(_ range: Range<Int>) -> Range<Int> {
    let range = range.clamped(to: tokens.indices)
    guard let first = range.first, let last = range.last else { return 0..<0 }
    return tokens[first].start..<tokens[last].end
  }

  /// Whether two stretches of two files say the same C, white space and comments aside.
  public func sameTokens(_ range: Range<Int>, as other: SourceFile, _ otherRange: Range<Int>) -> Bool {
    guard range.count == otherRange.count else { return false }
    return zip(range, otherRange).allSatisfy { mine, theirs in
      tokens[mine].isSpelt(like: other.tokens[theirs], bytes, other.bytes)
    }
  }
}
