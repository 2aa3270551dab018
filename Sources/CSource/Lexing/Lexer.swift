/// Splits kernel C into tokens, comments and directives.
///
/// It works on bytes, since kernel sources are not all UTF-8, and never fails: a byte that starts no token becomes a
/// punctuator; an unterminated comment ends with the file, an unterminated string with its line.
struct Lexer {
  private let bytes: [UInt8]
  private var offset = 0
  private var lexed = Lexed()

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  static func lex(_ bytes: [UInt8]) -> Lexed {
    var lexer = Lexer(bytes)
    lexer.run()
    return lexer.lexed
  }

  private mutating func run() {
    var atLineStart = true
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == .newline {
        atLineStart = true
        offset += 1
      } else if byte == UInt8(ascii: "#") && atLineStart {
        directive()
      } else if byte.isSpace {
        offset += 1
      } else if skipComment() {
        continue
      } else {
        atLineStart = false
        token(inDirective: false)
      }
    }
  }

  private mutating func directive() {
    let start = offset
    let first = lexed.tokens.count
    token(inDirective: true)
    while offset < bytes.count && bytes[offset] != .newline {
      if isContinuation {
        offset += bytes[offset + 1] == .newline ? 2 : 3
      } else if bytes[offset].isSpace {
        offset += 1
      } else if !skipComment() {
        token(inDirective: true)
      }
    }
    let tokens = first..<lexed.tokens.count
    let name = tokens.count > 1 ? text(lexed.tokens[first + 1]) : ""
    lexed.directives.append(Directive(name: name, start: start, end: offset, tokens: tokens))
  }

  /// A backslash followed by a line end.
  private var isContinuation: Bool {
    guard bytes[offset] == UInt8(ascii: "\\"), offset + 1 < bytes.count else { return false }
    if bytes[offset + 1] == .newline { return true }
    return bytes[offset + 1] == UInt8(ascii: "\r") && offset + 2 < bytes.count && bytes[offset + 2] == .newline
  }

  private mutating func skipComment() -> Bool {
    guard bytes[offset] == UInt8(ascii: "/"), offset + 1 < bytes.count else { return false }
    let start = offset
    if bytes[offset + 1] == UInt8(ascii: "*") {
      offset += 2
      while offset + 1 < bytes.count
        && !(bytes[offset] == UInt8(ascii: "*") && bytes[offset + 1] == UInt8(ascii: "/"))
      { offset += 1 }
      offset = min(offset + 2, bytes.count)
    } else if bytes[offset + 1] == UInt8(ascii: "/") {
      while offset < bytes.count && bytes[offset] != .newline { offset += 1 }
    } else {
      return false
    }
    lexed.comments.append(Comment(start: start, end: offset))
    return true
  }

  private mutating func token(inDirective: Bool) {
    let start = offset
    let byte = bytes[offset]
    let kind: Token.Kind
    if byte.isIdentifierStart {
      kind = .identifier
      while offset < bytes.count && bytes[offset].isIdentifierPart { offset += 1 }
    } else if byte.isDigit {
      kind = .number
      while offset < bytes.count && (bytes[offset].isIdentifierPart || bytes[offset] == UInt8(ascii: ".")) {
        offset += 1
      }
    } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
      kind = byte == UInt8(ascii: "\"") ? .string : .character
      quoted(by: byte)
    } else {
      kind = .punctuator
      offset += punctuatorLength
    }
    lexed.tokens.append(Token(start: start, end: offset, kind: kind, inDirective: inDirective))
  }

  private mutating func quoted(by quote: UInt8) {
    offset += 1
    while offset < bytes.count && bytes[offset] != quote && bytes[offset] != .newline {
      offset += bytes[offset] == UInt8(ascii: "\\") ? 2 : 1
    }
    if offset < bytes.count && bytes[offset] == quote { offset += 1 }
    offset = min(offset, bytes.count)
  }

  /// The length of the longest operator that starts here.
  private var punctuatorLength: Int {
    guard offset + 1 < bytes.count else { return 1 }
    let third = offset + 2 < bytes.count ? bytes[offset + 2] : 0
    switch (bytes[offset], bytes[offset + 1]) {
    case (UInt8(ascii: "<"), UInt8(ascii: "<")), (UInt8(ascii: ">"), UInt8(ascii: ">")):
      return third == UInt8(ascii: "=") ? 3 : 2
    case (UInt8(ascii: "."), UInt8(ascii: ".")):
      return third == UInt8(ascii: ".") ? 3 : 1
    case (UInt8(ascii: "-"), UInt8(ascii: ">")), (UInt8(ascii: "+"), UInt8(ascii: "+")),
      (UInt8(ascii: "-"), UInt8(ascii: "-")), (UInt8(ascii: "&"), UInt8(ascii: "&")),
      (UInt8(ascii: "|"), UInt8(ascii: "|")), (UInt8(ascii: "#"), UInt8(ascii: "#")):
      return 2
    case (let first, UInt8(ascii: "=")):
      return Self.assigning.contains(first) ? 2 : 1
    default:
      return 1
    }
  }

  /// The characters that form an operator with a following `=`.
  private static let assigning = Array("<>=!+-*/%&|^".utf8)

  private func text(_ token: Token) -> String {
    String(decoding: bytes[token.start..<token.end], as: UTF8.self)
  }
}

/// The parts of a source, each kind in source order.
struct Lexed {
  var tokens: [Token] = []
  var comments: [Comment] = []
  var directives: [Directive] = []
}

extension UInt8 {
  static let newline = UInt8(ascii: "\n")
  static let tab = UInt8(ascii: "\t")
  static let space = UInt8(ascii: " ")

  var isSpace: Bool {
    self == .space || self == .tab || self == .newline || self == UInt8(ascii: "\r") || self == 0x0c
  }
  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
  var isIdentifierStart: Bool {
    self == UInt8(ascii: "_") || (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z")
  }
  /// Whether the byte can be part of a C identifier or number.
  public var isIdentifierPart: Bool { isIdentifierStart || isDigit }
}
