extension Grammar {
  /// An expression; without `commas`, one that can be an argument or a value.
  mutating func expression(commas: Bool = true) -> Bool {
    nested { grammar in
      repeat {
        guard grammar.operation() else { return false }
      } while commas && grammar.accept(",")
      return true
    }
  }

  private mutating func operation() -> Bool {
    while true {
      guard operand() else { return false }
      if accept("?") {
        // GNU C allows `a ?: b`.
        if !accept(":") { guard expression(), accept(":") else { return false } }
      } else if kind() == .punctuator, !at(","), !at(":"), Operators.binary[text] != nil {
        index += 1
      } else {
        return true
      }
    }
  }

  private mutating func operand() -> Bool {
    while kind() == .punctuator, Operators.prefixes.contains(text) { index += 1 }
    switch kind() {
    case .number?, .character?:
      index += 1
    case .string?:
      // `"a" FORMAT "b"`
      while kind() == .string || kind() == .identifier && !Keywords.all.contains(text) { index += 1 }
      return true
    case .identifier?:
      if Keywords.operators.contains(text) {
        index += 1
        guard at("(") else { return operand() }
        guard brackets() else { return false }
      } else {
        let isMacro = text.utf8.allSatisfy { !($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z")) }
        guard name() else { return false }
        // `KERN_ERR "text"`
        if isMacro, kind() == .string { return operand() }
      }
    case .punctuator? where at("("):
      guard let close = file.closing(index), close < end else { return false }
      let inner = index + 1..<close
      if file.isToken(inner.lowerBound, "{") {
        guard holds(inner, { $0.block() }) else { return false }
        index = close + 1
      } else if holds(inner, { $0.typeName() }) {
        index = close + 1
        return at("{") ? brackets() && suffixes() : nested { $0.operand() }
      } else {
        guard holds(inner, { $0.expression() }) else { return false }
        index = close + 1
        // `(u32)x`: a lone name in brackets may be a type.
        if inner.count == 1, kind() == .identifier || kind() == .number { return operand() }
      }
    case .punctuator? where at("#"):
      index += 1
      return name()
    default:
      return false
    }
    return suffixes()
  }

  private mutating func suffixes() -> Bool {
    while !isAtEnd {
      if at("(") {
        guard let close = file.closing(index), close < end else { return false }
        guard arguments(index + 1..<close, of: index - 1) else { return false }
        index = close + 1
      } else if at("[") {
        guard let close = file.closing(index), close < end else { return false }
        guard holds(index + 1..<close, { $0.expression() }) else { return false }
        index = close + 1
      } else if at(".") || at("->") {
        index += 1
        guard name() else { return false }
      } else if at("++") || at("--") {
        index += 1
      } else {
        break
      }
    }
    return true
  }

  /// Whether a range is what `rule` recognises, counted as deep as it stands here.
  func holds(_ range: Range<Int>, _ rule: (inout Grammar) -> Bool) -> Bool {
    Grammar.holds(file, range) { grammar in
      grammar.depth = depth + 1
      return rule(&grammar)
    }
  }

  private mutating func arguments(_ range: Range<Int>, of callee: Int) -> Bool {
    // Only the preprocessor knows what a macro takes; functions have small letters.
    let name = file.text(file.tokens[callee])
    if file.tokens[callee].kind == .identifier, name == name.uppercased() || name.hasPrefix("__") { return true }
    return file.arguments(range).allSatisfy { argument in
      holds(argument) { $0.expression(commas: false) } || holds(argument) { $0.typeName() }
        || argument.count == 1 && file.tokens[argument.lowerBound].kind == .punctuator
        || argument.count == 1 && file.tokens[argument.lowerBound].kind == .identifier
    }
  }

  /// A type in brackets: it has a keyword or an asterisk at its end.
  mutating func typeName() -> Bool {
    var words = 0
    var isType = false
    while kind() == .identifier, !Keywords.statements.contains(text) {
      if Keywords.types.contains(text) { isType = true }
      if Keywords.typeOperators.contains(text) {
        index += 1
        guard at("("), brackets() else { return false }
        isType = true
        continue
      }
      index += 1
      words += 1
    }
    guard words > 0 || isType else { return false }
    while at("*") || at("const") || at("[") || at("volatile") {
      isType = true
      if at("[") { guard brackets() else { return false } } else { index += 1 }
    }
    // `int (*)(int)`
    if at("("), at("*", 1) { while at("(") { guard brackets() else { return false } } }
    return isType && isAtEnd
  }
}

enum Operators {
  static let prefixes: Set<String> = ["!", "~", "-", "+", "*", "&", "++", "--", "&&"]

  /// How tightly each operator binds that stands between two operands.
  static let binary: [String: Int] = [
    "*": 12, "/": 12, "%": 12, "+": 11, "-": 11, "<<": 10, ">>": 10, "<": 9, ">": 9, "<=": 9, ">=": 9, "==": 8, "!=": 8,
    "&": 7, "^": 6, "|": 5, "&&": 4, "||": 3, "?": 2, ":": 2, "=": 1, "+=": 1, "-=": 1, "*=": 1, "/=": 1, "%=": 1,
    "&=": 1, "|=": 1, "^=": 1, "<<=": 1, ">>=": 1, ",": 0,
  ]
}
