extension Grammar {
  /// Any number of whole statements and declarations, with the directives among them.
  mutating func statements() -> Bool {
    while !isAtEnd {
      if skipDirective() { continue }
      guard statement() else { return false }
    }
    return true
  }

  /// Skips a directive that starts here and ends before the end. Those of a macro are part of it.
  mutating func skipDirective() -> Bool {
    guard at("#"), file.tokens[index].inDirective,
      let directive = file.directive(startingAt: index), directive.tokens.upperBound <= end
    else { return false }
    index = directive.tokens.upperBound
    return true
  }

  mutating func block() -> Bool {
    guard at("{"), let close = file.closing(index), close < end else { return false }
    guard index + 1 == close || holds(index + 1..<close, { $0.statements() }) else { return false }
    index = close + 1
    return true
  }

  mutating func statement() -> Bool { nested { $0.anyStatement() } }

  private mutating func anyStatement() -> Bool {
    guard kind() == .identifier else {
      if at("{") { return block() }
      return accept(";") || expression() && accept(";")
    }
    switch text {
    case "if":
      index += 1
      guard condition(), statement() else { return false }
      return accept("else") ? statement() : true
    case "while", "switch":
      index += 1
      return condition() && statement()
    case "for":
      index += 1
      return parts() && statement()
    case "do":
      index += 1
      guard statement(), accept("while"), condition() else { return false }
      // In a macro, the user writes the semicolon.
      return accept(";") || isAtEnd && file.tokens[index - 1].inDirective
    case "return":
      index += 1
      return accept(";") || expression() && accept(";")
    case "goto":
      index += 1
      return (accept("*") ? expression() : name()) && accept(";")
    case "break", "continue":
      index += 1
      return accept(";")
    case "case":
      index += 1
      guard expression() else { return false }
      if accept("...") { guard expression() else { return false } }
      return accept(":") && statement()
    case "default":
      index += 1
      return accept(":") && statement()
    case "asm", "__asm__":
      index += 1
      while kind() == .identifier { index += 1 }
      return at("(") && brackets() && accept(";")
    default:
      break
    }
    if at(":", 1), name(), accept(":") { return statement() }
    if loop() { return true }
    return simple()
  }

  /// `list_for_each_entry(…) statement`, or another macro that starts one.
  private mutating func loop() -> Bool {
    guard at("(", 1), !Keywords.all.contains(text), let close = file.closing(index + 1), close + 1 < end else {
      return false
    }
    let next = file.tokens[close + 1]
    guard next.kind == .identifier || file.isToken(close + 1, "{") else { return false }
    let start = index
    index = close + 1
    if statement() { return true }
    index = start
    return false
  }

  /// An expression or a declaration with its semicolon.
  private mutating func simple() -> Bool {
    let start = index
    if expression(), accept(";") { return true }
    index = start
    return declaration()
  }

  private mutating func condition() -> Bool {
    guard at("("), let close = file.closing(index), close < end else { return false }
    guard holds(index + 1..<close, { $0.expression() }) else { return false }
    index = close + 1
    return true
  }

  /// The three parts of a `for`, of which the first may be a declaration.
  private mutating func parts() -> Bool {
    guard at("("), let close = file.closing(index), close < end else { return false }
    let isFor = holds(index + 1..<close) { part in
      let start = part.index
      if !part.accept(";") {
        if !(part.expression() && part.accept(";")) {
          part.index = start
          guard part.declaration() else { return false }
        }
      }
      if !part.accept(";") { guard part.expression(), part.accept(";") else { return false } }
      return part.isAtEnd || part.expression()
    }
    index = close + 1
    return isFor
  }

  /// The part of a statement up to its branch: `if (…)`, `else if (…)`, `while (…)`.
  mutating func header() -> Bool {
    if accept("else") { return isAtEnd || at("if") && header() }
    if accept("if") || accept("while") || accept("switch") { return condition() }
    if accept("for") { return parts() }
    return false
  }

  /// Declarations and definitions at file scope, with the directives among them.
  mutating func definitions() -> Bool {
    while !isAtEnd {
      if skipDirective() || accept(";") { continue }
      guard definition() else { return false }
    }
    return true
  }

  private mutating func definition() -> Bool {
    let start = index
    if declaration() { return true }
    index = start
    if macroUse() { return true }
    index = start
    if kind() == .identifier, ["asm", "_Static_assert"].contains(text) {
      index += 1
      return at("(") && brackets() && accept(";")
    }
    // A function, also `static DEFINE_X(…)\n{ … }`
    while kind() == .identifier && !Keywords.statements.contains(text) || at("*") { index += 1 }
    guard index > start, at("("), let close = file.closing(index) else { return false }
    index = close + 1
    // `DOMAIN_NS(name)(parameters)`
    while at("(") { guard brackets() else { return false } }
    attributes()
    return block()
  }

  /// Members of a struct.
  mutating func members() -> Bool {
    while !isAtEnd {
      if skipDirective() { continue }
      let start = index
      if declaration(ofMembers: true) { continue }
      index = start
      guard macroUse() else { return false }
    }
    return true
  }

  /// `EXPORT_SYMBOL(x);`, or `DECLARE_BITMAP(x, 8);` among members.
  private mutating func macroUse() -> Bool { name() && at("(") && brackets() && accept(";") }
}

extension SourceFile {
  /// The directive whose `#` is the token at `index`.
  func directive(startingAt index: Int) -> Directive? {
    let start = tokens[index].start
    var (low, high) = (0, directives.count)
    while low < high {
      let middle = (low + high) / 2
      if directives[middle].start < start { low = middle + 1 } else { high = middle }
    }
    return low < directives.count && directives[low].start == start ? directives[low] : nil
  }
}
