/// One token of C, as a byte range of its source.
public struct Token: Sendable, Hashable {
  /// The lexical class; keywords are identifiers.
  public enum Kind: UInt8, Sendable {
    case identifier, number, string, character, punctuator
  }

  /// The byte offset of the first byte.
  public var start: Int
  /// The byte offset after the last byte.
  public var end: Int
  /// The lexical class.
  public var kind: Kind
  /// Whether the token is part of a preprocessor directive, which includes the body of a `#define`.
  public var inDirective: Bool

  var length: Int { end - start }

  /// Whether a token of one source is spelt like a token of another.
  func isSpelt(like other: Token, _ bytes: [UInt8], _ otherBytes: [UInt8]) -> Bool {
    bytes[start..<end] == otherBytes[other.start..<other.end]
  }
}

/// A comment, kept apart from the tokens so that matching ignores it.
struct Comment: Sendable, Hashable {
  var start: Int
  var end: Int
}

/// A preprocessor directive from its `#` to the end of its last (continued) line.
public struct Directive: Sendable, Hashable {
  /// The word after the `#`, such as `define` or `if`; empty for a lone `#`.
  public var name: String
  /// The byte offset of the `#`.
  public var start: Int
  /// The byte offset of the newline that ends the directive, or of the end of the file.
  public var end: Int
  /// The directive's tokens, `#` included.
  public var tokens: Range<Int>
}
