/// One token of C, as a byte range of the file it was read from.
///
/// A file has as many as there are to be read and written for each edit, so they are small: of a source of 4 GiB nobody
/// could keep the tokens anyway.
public struct Token: Sendable, Hashable {
  public enum Kind: UInt8, Sendable {
    case identifier, number, string, character, punctuator
  }

  private var first: UInt32
  private var limit: UInt32
  public var kind: Kind
  /// Whether the token is part of a preprocessor directive (a `#define`'s body included).
  public var inDirective: Bool

  init(start: Int, end: Int, kind: Kind, inDirective: Bool) {
    (first, limit) = (UInt32(start), UInt32(end))
    (self.kind, self.inDirective) = (kind, inDirective)
  }

  /// Half-open byte offsets into the source.
  public var start: Int {
    get { Int(first) }
    set { first = UInt32(newValue) }
  }
  public var end: Int {
    get { Int(limit) }
    set { limit = UInt32(newValue) }
  }

  var length: Int { end - start }

  /// Whether a token of one text is spelt like one of another.
  func isSpelt(like other: Token, _ bytes: [UInt8], _ otherBytes: [UInt8]) -> Bool {
    guard length == other.length else { return false }
    // Nearly all that differ do so in the first byte.
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
