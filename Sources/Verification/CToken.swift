/// A token of C source, as coarse as comparing declarations needs.
struct CToken: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case word, literal, punctuation
    /// A whole preprocessor line, its continuations joined, its text without the `#`.
    case directive
  }

  var kind: Kind
  var text: String
  /// One-based.
  var line: Int
  /// The last line, which differs from `line` for a continued directive.
  var lastLine: Int
}

extension CToken {
  /// The tokens of `source`, without comments and white space.
  static func tokens(of source: [UInt8]) -> [CToken] {
    var scanner = Scanner(source: source)
    return scanner.scan()
  }

  private struct Scanner {
    let source: [UInt8]
    var position = 0
    var line = 1
    var tokens: [CToken] = []

    init(source: [UInt8]) { self.source = source }

    mutating func scan() -> [CToken] {
      var lineStart = true
      while position < source.count {
        switch source[position] {
        case UInt8(ascii: "\n"):
          line += 1
          position += 1
          lineStart = true
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0c: position += 1
        case UInt8(ascii: "\\"): position += 1
        case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): skipComment()
        case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"): skipLine()
        case UInt8(ascii: "#") where lineStart: directive()
        default:
          token()
          lineStart = false
        }
      }
      return tokens
    }

    func peek(_ distance: Int) -> UInt8? {
      position + distance < source.count ? source[position + distance] : nil
    }

    mutating func skipComment() {
      position += 2
      while position < source.count {
        if source[position] == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
          position += 2
          return
        }
        if source[position] == UInt8(ascii: "\n") { line += 1 }
        position += 1
      }
    }

    mutating func skipLine() {
      while position < source.count, source[position] != UInt8(ascii: "\n") { position += 1 }
    }

    mutating func directive() {
      let first = line
      position += 1
      var text: [UInt8] = []
      func space() { if text.last != UInt8(ascii: " "), !text.isEmpty { text.append(UInt8(ascii: " ")) } }
      while position < source.count, source[position] != UInt8(ascii: "\n") {
        let byte = source[position]
        if byte == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "\n") {
          position += 2
          line += 1
          space()
        } else if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
          skipComment()
          space()
        } else if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "/") {
          skipLine()
        } else if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r") {
          position += 1
          space()
        } else {
          text.append(byte)
          position += 1
        }
      }
      if text.last == UInt8(ascii: " ") { text.removeLast() }
      tokens.append(CToken(kind: .directive, text: String(decoding: text, as: UTF8.self), line: first, lastLine: line))
    }

    mutating func token() {
      let start = position
      let byte = source[position]
      var kind = Kind.punctuation
      if byte.isWord {
        kind = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? .literal : .word
        while position < source.count, source[position].isWord { position += 1 }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        kind = .literal
        position += 1
        while position < source.count, source[position] != byte, source[position] != UInt8(ascii: "\n") {
          position += source[position] == UInt8(ascii: "\\") && peek(1) != UInt8(ascii: "\n") ? 2 : 1
        }
        position = min(position + (position < source.count && source[position] == byte ? 1 : 0), source.count)
      } else {
        position += 1
      }
      let text = String(decoding: source[start..<position], as: UTF8.self)
      tokens.append(CToken(kind: kind, text: text, line: line, lastLine: line))
    }
  }
}

extension UInt8 {
  /// Whether the byte can be part of a C identifier or number.
  var isWord: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
