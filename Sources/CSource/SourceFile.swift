public import Diagnostics

/// A C source file with its tokens: what every construct is located in.
///
/// A value: an edit makes a new file. All ranges are byte offsets.
public struct SourceFile: Sendable {
  public let path: String
  public let bytes: [UInt8]
  let lexed: Lexed
  public var tokens: [Token] { lexed.tokens }
  public var directives: [Directive] { lexed.directives }
  var comments: [Comment] { lexed.comments }
  /// By token, the bracket that a bracket belongs to; -1 for all others.
  private let partners: [Int32]
  private let lineStarts = LineStarts()

  public init(path: String, bytes: [UInt8]) {
    self.init(path: path, bytes: bytes, lexed: Lexer.lex(bytes))
  }

  init(path: String, bytes: [UInt8], lexed: Lexed) {
    self.path = path
    self.bytes = bytes
    self.lexed = lexed
    partners = Self.partners(lexed, bytes)
  }

  /// The file's text between two offsets. Bytes that are not UTF-8 read as U+FFFD: for messages, not for edits.
  public func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  public func text(_ token: Token) -> String {
    text(token.start..<token.end)
  }

  /// Whether the token's text is `text`, without making a string.
  func isToken(_ index: Int, _ text: StaticString) -> Bool {
    guard tokens.indices.contains(index) else { return false }
    let token = tokens[index]
    guard token.length == text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { text in
      for (offset, byte) in zip(token.start..<token.end, text) where bytes[offset] != byte { return false }
      return true
    }
  }

  public func place(_ offset: Int) -> Place {
    let (line, start) = lineStarts.line(of: offset, in: bytes)
    return Place(path, line: line, column: offset - start + 1)
  }

  /// Where a function is defined, or the file where it is not.
  public func place(of function: String) -> Place {
    (try? self.function(function)).map { place(tokens[$0.tokens.lowerBound].start) } ?? Place(path)
  }

  /// The offset at which the line holding `offset` starts.
  func lineStart(_ offset: Int) -> Int {
    bytes.lineStart(offset)
  }

  /// The offset just after the newline that ends the line holding `offset`.
  func lineEnd(_ offset: Int) -> Int {
    bytes[offset...].firstIndex(of: .newline).map { $0 + 1 } ?? bytes.count
  }

  /// The white space that starts the line holding `offset`.
  func indentation(at offset: Int) -> [UInt8] {
    let start = lineStart(offset)
    return Array(bytes[start...].prefix { $0 == .space || $0 == .tab })
  }

  /// The column, from 0, at which `offset` shows when tabs stop every 8 columns.
  func column(_ offset: Int) -> Int {
    Layout.width(bytes[lineStart(offset)..<offset])
  }

  /// The index of the token that closes the bracket opened at `open`, or nil when nothing does.
  func closing(_ open: Int) -> Int? {
    tokens.indices.contains(open) && partners[open] > open ? Int(partners[open]) : nil
  }

  /// The index of the token that opens what the bracket at `close` closes, or nil when nothing does.
  func opening(_ close: Int) -> Int? {
    partners[close] >= 0 && partners[close] < close ? Int(partners[close]) : nil
  }

  /// Brackets of directives and those around them are paired apart. Any bracket closes any other: what is in between
  /// are the branches of an `#if`, or no C.
  private static func partners(_ lexed: Lexed, _ bytes: [UInt8]) -> [Int32] {
    var partners = [Int32](repeating: -1, count: lexed.tokens.count)
    var open: (code: [Int], directives: [Int]) = ([], [])
    for index in lexed.brackets {
      let token = lexed.tokens[index]
      switch bytes[token.start] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
        if token.inDirective { open.directives.append(index) } else { open.code.append(index) }
      default:
        guard let opening = token.inDirective ? open.directives.popLast() : open.code.popLast() else { continue }
        (partners[opening], partners[index]) = (Int32(index), Int32(opening))
      }
    }
    return partners
  }
}
