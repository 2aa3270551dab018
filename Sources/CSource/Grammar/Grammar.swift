/// Recognises C in a range of tokens, as far as an edit needs to know that what it names or writes is whole.
///
/// It knows the shape of expressions, declarations and statements, and no types. Of a macro it accepts any balanced
/// arguments. What it does not recognise may still be C; an edit of that is refused rather than made.
struct Grammar {
  let file: SourceFile
  /// The token that nothing may reach.
  let end: Int
  /// The next token.
  var index: Int
  /// How deep the recogniser is in brackets and statements.
  var depth = 0
  /// Nobody nests deeper by hand.
  static let mostDepth = 100

  init(_ file: SourceFile, _ range: Range<Int>) {
    (self.file, index, end) = (file, range.lowerBound, range.upperBound)
  }

  var isAtEnd: Bool { index >= end }

  func at(_ text: StaticString, _ offset: Int = 0) -> Bool {
    index + offset < end && file.isToken(index + offset, text)
  }

  func kind(_ offset: Int = 0) -> Token.Kind? {
    index + offset < end ? file.tokens[index + offset].kind : nil
  }

  var text: String { isAtEnd ? "" : file.text(file.tokens[index]) }

  mutating func accept(_ text: StaticString) -> Bool {
    guard at(text) else { return false }
    index += 1
    return true
  }

  /// Whether the next token is a word that is no keyword; in a macro, words may be pasted together.
  mutating func name() -> Bool {
    guard kind() == .identifier, !Keywords.all.contains(text) else { return false }
    index += 1
    while at("##"), index + 1 < end { index += 2 }
    return true
  }

  /// Skips a bracketed part, whatever is in it.
  mutating func brackets() -> Bool {
    guard let close = file.closing(index), close < end else { return false }
    index = close + 1
    return true
  }

  /// Whether a whole range is what `rule` recognises.
  static func holds(_ file: SourceFile, _ range: Range<Int>, _ rule: (inout Grammar) -> Bool) -> Bool {
    guard !range.isEmpty else { return false }
    var grammar = Grammar(file, range)
    return rule(&grammar) && grammar.isAtEnd
  }

  /// Runs a rule one level deeper.
  mutating func nested(_ rule: (inout Grammar) -> Bool) -> Bool {
    guard depth < Self.mostDepth else { return false }
    depth += 1
    defer { depth -= 1 }
    return rule(&self)
  }
}

/// C's keywords, with those of GNU C that the kernel uses.
enum Keywords {
  static let types: Set<String> = [
    "void", "char", "short", "int", "long", "float", "double", "signed", "unsigned", "_Bool", "bool", "__int128",
    "const", "volatile", "restrict", "struct", "union", "enum",
  ]
  static let storage: Set<String> = [
    "static", "extern", "inline", "__inline", "__inline__", "register", "auto", "typedef", "_Noreturn", "_Thread_local",
  ]
  static let statements: Set<String> = [
    "if", "else", "for", "while", "do", "switch", "case", "default", "return", "goto", "break", "continue",
  ]
  static let operators: Set<String> = ["sizeof", "_Alignof", "__alignof__", "_Generic"]
  /// Operators that give a type.
  static let typeOperators: Set<String> = ["typeof", "__typeof__"]
  static let all = types.subtracting(["bool"]).union(storage).union(statements).union(operators)
    .union(typeOperators).union(["asm", "__asm__", "_Static_assert", "__attribute__"])
}
