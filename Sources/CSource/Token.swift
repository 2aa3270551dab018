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

  var length: Int { end - start }

  /// Whether a token of one text is spelt like one of another.
  func isSpelt(like other: Token, _ bytes: [UInt8], _ otherBytes: [UInt8]) -> Bool {
    bytes[start..<end] == otherBytes[other.start..<other.end]
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
