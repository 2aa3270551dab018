/// The words of a source that a compiler sees: those in comments, literals and the names of headers are none.
public enum CodeWords {
  /// The source with everything but these words blanked, so that they can be searched for as bytes.
  public static func only(in source: [UInt8]) -> [UInt8] {
    let lexed = Lexer.lex(source)
    var code = [UInt8](repeating: .space, count: source.count)
    var includes = lexed.directives.lazy.filter { $0.name == "include" }.map(\.tokens)[...]
    for (index, token) in lexed.tokens.enumerated() where token.kind == .identifier || token.kind == .number {
      while let include = includes.first, include.upperBound <= index { includes.removeFirst() }
      if let include = includes.first, include.contains(index) { continue }
      code.replaceSubrange(token.start..<token.end, with: source[token.start..<token.end])
    }
    return code
  }
}
