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

  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    let lexed = Lexer.lex(bytes)
    tokens = lexed.tokens
    comments = lexed.comments
    directives = lexed.directives
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
    guard token.end - token.start == text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { bytes[token.start..<token.end].elementsEqual($0) }
  }

  public func place(_ offset: Int) -> Place {
    var line = 1
    var start = 0
    for (index, byte) in bytes[..<min(offset, bytes.count)].enumerated() where byte == .newline {
      line += 1
      start = index + 1
    }
    return Place(path, line: line, column: offset - start + 1)
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
    var depth = 0
    for index in open..<tokens.count {
      let token = tokens[index]
      guard token.kind == .punctuator, token.inDirective == tokens[open].inDirective else { continue }
      switch bytes[token.start] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
        if depth == 0 { return index }
      default: break
      }
    }
    return nil
  }
}
