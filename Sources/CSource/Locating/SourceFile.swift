public import Diagnostics

/// A C source file with its tokens, in which constructs are located and edited.
///
/// It is a value: an edit returns a new file.
public struct SourceFile: Sendable {
  /// The path that places in messages show; nothing is read from it.
  public let path: String
  /// The file's contents, which may not be UTF-8.
  public let bytes: [UInt8]
  /// All tokens in source order, those of directives included.
  public let tokens: [Token]
  /// All preprocessor directives in source order.
  public let directives: [Directive]
  let comments: [Comment]
  /// For each token that is a bracket, the index of its partner; nil for all others.
  let partners: [Int?]
  /// The offset at which each line starts.
  private let lineStarts: [Int]

  /// Reads any bytes; it never fails.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    let lexed = Lexer.lex(bytes)
    (tokens, directives, comments) = (lexed.tokens, lexed.directives, lexed.comments)
    partners = Self.partners(lexed.tokens, bytes)
    lineStarts = [0] + bytes.indices.filter { bytes[$0] == .newline }.map { $0 + 1 }
  }

  /// The file's text between two byte offsets. Bytes that are not UTF-8 become U+FFFD, so use it for messages, not for
  /// edits.
  public func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  /// The token as written.
  public func text(_ token: Token) -> String {
    text(token.start..<token.end)
  }

  /// Whether the token's text is `text`, without allocating a string.
  func isToken(_ index: Int, _ text: StaticString) -> Bool {
    guard tokens.indices.contains(index) else { return false }
    let token = tokens[index]
    guard token.length == text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { bytes[token.start..<token.end].elementsEqual($0) }
  }

  /// The line and column of a byte offset, both from 1; a column is a byte.
  public func place(_ offset: Int) -> Place {
    // The search ends with the number of lines that start at or before the offset.
    var (line, end) = (1, lineStarts.count)
    while line < end {
      let middle = (line + end) / 2
      if lineStarts[middle] <= offset { line = middle + 1 } else { end = middle }
    }
    return Place(path, line: line, column: offset - lineStarts[line - 1] + 1)
  }

  /// The place of a function's definition, or just the file if it does not define the function exactly once.
  public func place(of function: String) -> Place {
    (try? self.function(function)).map { place(tokens[$0.tokens.lowerBound].start) } ?? Place(path)
  }

  /// The offset at which the line containing `offset` starts.
  func lineStart(_ offset: Int) -> Int {
    bytes[..<offset].lastIndex(of: .newline).map { $0 + 1 } ?? 0
  }

  /// The offset just after the newline that ends the line containing `offset`.
  func lineEnd(_ offset: Int) -> Int {
    bytes[offset...].firstIndex(of: .newline).map { $0 + 1 } ?? bytes.count
  }

  /// The white space that starts the line containing `offset`.
  func indentation(at offset: Int) -> [UInt8] {
    let start = lineStart(offset)
    return Array(bytes[start...].prefix { $0 == .space || $0 == .tab })
  }

  /// The display column, from 0, of `offset`, with tab stops every 8 columns.
  func column(_ offset: Int) -> Int {
    CodeLayout.width(bytes[lineStart(offset)..<offset])
  }

  /// The index of the token that closes the bracket at `open`, or nil if none does.
  func closing(_ open: Int) -> Int? {
    guard tokens.indices.contains(open), let close = partners[open], close > open else { return nil }
    return close
  }

  /// The index of the token that opens the bracket closed at `close`, or nil if none does.
  func opening(_ close: Int) -> Int? {
    guard let open = partners[close], open < close else { return nil }
    return open
  }

  /// Pairs brackets, those in directives separately from the rest. A closing bracket pairs with the last open one even
  /// if their kinds differ, since that happens only across the branches of an `#if` or in broken C.
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

extension SourceFile {
  /// The `#define` of the macro called `name`.
  public func macro(_ name: String) throws(Mismatch) -> Directive {
    let found = directives.filter { $0.name == "define" && macroName($0) == name }
    guard let macro = found.first, found.count == 1 else {
      throw Mismatch(Place(path), found.isEmpty ? "does not define '\(name)'" : "defines '\(name)' several times")
    }
    return macro
  }

  /// The name that a `#define` defines; nil for other directives.
  public func macroName(_ directive: Directive) -> String? {
    let index = directive.tokens.lowerBound + 2
    guard directive.name == "define", directive.tokens.contains(index) else { return nil }
    return text(tokens[index])
  }
}

extension SourceFile {
  /// The number of open braces before each token; -1 for tokens of directives.
  ///
  /// An `#else` resets the depth to the value at its `#if`, so that a brace opened in each branch counts once.
  func braceDepths() -> [Int] {
    var depths: [Int] = []
    var depth = 0
    var saved: [Int] = []
    var directives = directives[...]
    for (index, token) in tokens.enumerated() {
      if let directive = directives.first, directive.tokens.lowerBound == index {
        directives.removeFirst()
        switch directive.name {
        case "if", "ifdef", "ifndef": saved.append(depth)
        case "else", "elif": depth = saved.last ?? depth
        case "endif": _ = saved.popLast()
        default: break
        }
      }
      if token.inDirective {
        depths.append(-1)
        continue
      }
      if isToken(index, "}") { depth -= 1 }
      depths.append(depth)
      if isToken(index, "{") { depth += 1 }
    }
    return depths
  }
}
