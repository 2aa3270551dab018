/// A token for comparing declarations: it carries its text, and a whole directive is one token.
public struct OutlineToken: Hashable, Sendable {
  /// A coarser classification than `Token.Kind`, with directives.
  public enum Kind: Hashable, Sendable {
    case word, literal, punctuation
    /// A whole preprocessor line without the `#`: continuations joined, tokens one space apart.
    case directive
  }

  /// What the token is.
  public var kind: Kind
  /// The token as written, except that spaces in literals become no-break spaces.
  public var text: String
  /// The first line, from 1.
  public var line: Int
  /// The last line, which differs from `line` for a continued directive.
  public var lastLine: Int
}

extension OutlineToken {
  /// The tokens of `source`, without comments and white space.
  public static func tokens(of source: [UInt8]) -> [OutlineToken] {
    let lexed = Lexer.lex(source)
    var lines = LineCounter(source)
    var result: [OutlineToken] = []
    result.reserveCapacity(lexed.tokens.count)
    var directives = lexed.directives[...]
    var index = 0
    while index < lexed.tokens.count {
      if let directive = directives.first, directive.tokens.lowerBound == index {
        directives.removeFirst()
        result.append(
          OutlineToken(
            kind: .directive, text: text(directive, lexed.tokens, source), line: lines.line(at: directive.start),
            lastLine: lines.line(at: directive.end)))
        index = max(index + 1, directive.tokens.upperBound)
        continue
      }
      let token = lexed.tokens[index]
      let line = lines.line(at: token.start)
      result.append(OutlineToken(kind: kind(token), text: text(token, source), line: line, lastLine: line))
      index += 1
    }
    return result
  }

  private static func text(_ directive: Directive, _ tokens: [Token], _ source: [UInt8]) -> String {
    var words: [String] = []
    var end = 0
    for token in tokens[directive.tokens].dropFirst() {
      // `#define F(x)` takes arguments, `#define F (x)` does not.
      if directive.name == "define", words.count == 2, token.start == end, text(token, source) == "(" {
        words[1] += "("
      } else {
        words.append(text(token, source))
      }
      end = token.end
    }
    return words.joined(separator: " ")
  }

  private static func kind(_ token: Token) -> Kind {
    switch token.kind {
    case .identifier: .word
    case .number, .string, .character: .literal
    case .punctuator: .punctuation
    }
  }

  /// A token's text. Tokens are joined by single spaces, so spaces in a literal become no-break spaces.
  private static func text(_ token: Token, _ source: [UInt8]) -> String {
    let text = String(decoding: source[token.start..<token.end], as: UTF8.self)
    return token.kind == .string || token.kind == .character ? text.replacing(" ", with: "\u{a0}") : text
  }

  /// Finds the lines of rising offsets in one pass over a file.
  private struct LineCounter {
    private let source: [UInt8]
    private var offset = 0
    private var current = 1

    init(_ source: [UInt8]) { self.source = source }

    /// The line, from 1, of an offset; offsets must not decrease.
    mutating func line(at wanted: Int) -> Int {
      while offset < wanted {
        if source[offset] == .newline { current += 1 }
        offset += 1
      }
      return current
    }
  }
}
