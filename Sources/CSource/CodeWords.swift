/// The words that a compiler sees: those in comments, literals and `#include` lines do not count.
public enum CodeWords {
  /// The distinct identifiers and numbers of a source, those of directives included.
  public static func of(_ source: [UInt8]) -> Set<String> {
    let lexed = Lexer.lex(source)
    let included = Set(lexed.directives.filter { $0.name == "include" }.flatMap(\.tokens))
    let words = lexed.tokens.enumerated().filter { index, token in
      (token.kind == .identifier || token.kind == .number) && !included.contains(index)
    }
    return Set(words.map { String(decoding: source[$0.element.start..<$0.element.end], as: UTF8.self) })
  }
}
