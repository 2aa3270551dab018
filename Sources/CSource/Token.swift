/// One token of C, as a byte range of the file it was read from.
public struct Token: Sendable, Hashable {
  public enum Kind: UInt8, Sendable {
    case identifier, number, string, character, punctuator
  }

  /// Half-open byte offsets into the source.
  public var start: Int
  public var end: Int
  public var kind: Kind
  /// Whether the token is part of a preprocessor directive (a `#define`'s body included).
  public var inDirective: Bool

  /// Whether a token of one text is spelt like one of another.
  func isSpelt(like other: Token, _ bytes: [UInt8], _ otherBytes: [UInt8]) -> Bool {
    guard end - start == other.end - other.start else { return false }
    // Searches ask this of every token of a file, and nearly all differ in the first byte.
    for (mine, theirs) in zip(start..<end, other.start..<other.end) where bytes[mine] != otherBytes[theirs] {
      return false
    }
    return true
  }
}

/// A comment, kept apart from the tokens so that matching is blind to it.
struct Comment: Sendable, Hashable {
  var start: Int
  var end: Int
}

/// A preprocessor directive from its `#` to the end of its last (continued) line.
public struct Directive: Sendable, Hashable {
  /// `define`, `if`, `else`, …
  public var name: String
  /// Byte offsets, the final newline excluded.
  public var start: Int
  public var end: Int
  /// The directive's tokens, `#` included.
  public var tokens: Range<Int>
}
