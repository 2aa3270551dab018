public import Diagnostics

/// A C source file with its tokens: what every construct is located in.
///
/// A value: an edit makes a new file. All ranges are byte offsets.
public struct SourceFile: Sendable {
  public let path: String
  public let bytes: [UInt8]
  public let tokens: [Token]
  public let directives: [Directive]
  let comments: [Comment]
  /// By token, the bracket that a bracket belongs to; nil for all others.
  private let partners: [Int?]
  /// The offset at which each line starts.
  private let lineStarts: [Int]

  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    let lexed = Lexer.lex(bytes)
    (tokens, directives, comments) = (lexed.tokens, lexed.directives, lexed.comments)
    partners = Self.partners(lexed.tokens, bytes)
    lineStarts = [0] + bytes.indices.filter { bytes[$0] == .newline }.map { $0 + 1 }
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
    return text.withUTF8Buffer { bytes[token.start..<token.end].elementsEqual($0) }
  }

  public func place(_ offset: Int) -> Place {
    // How many lines start at or before the offset.
    var (line, end) = (1, lineStarts.count)
    while line < end {
      let middle = (line + end) / 2
      if lineStarts[middle] <= offset { line = middle + 1 } else { end = middle }
    }
    return Place(path, line: line, column: offset - lineStarts[line - 1] + 1)
  }

  /// Where a function is defined, or the file where it is not.
  public func place(of function: String) -> Place {
    (try? self.function(function)).map { place(tokens[$0.tokens.lowerBound].start) } ?? Place(path)
  }

  /// The offset at which the line holding `offset` starts.
  func lineStart(_ offset: Int) -> Int {
    bytes[..<offset].lastIndex(of: .newline).map { $0 + 1 } ?? 0
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
    guard tokens.indices.contains(open), let close = partners[open], close > open else { return nil }
    return close
  }

  /// The index of the token that opens what the bracket at `close` closes, or nil when nothing does.
  func opening(_ close: Int) -> Int? {
    guard let open = partners[close], open < close else { return nil }
    return open
  }

  /// Brackets of directives and those around them are paired apart. Any bracket closes any other: what is in between
  /// are the branches of an `#if`, or no C.
  private static func partners(_ tokens: [Token], _ bytes: [UInt8]) -> [Int?] {
    var partners = [Int?](repeating: nil, count: tokens.count)
    var open: (code: [Int], directives: [Int]) = ([], [])
    for (index, token) in tokens.enumerated() where token.kind == .punctuator {
      switch bytes[token.start] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
        if token.inDirective { open.directives.append(index) } else { open.code.append(index) }
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        guard let opening = token.inDirective ? open.directives.popLast() : open.code.popLast() else { continue }
        (partners[opening], partners[index]) = (index, opening)
      default: break
      }
    }
    return partners
  }
}
