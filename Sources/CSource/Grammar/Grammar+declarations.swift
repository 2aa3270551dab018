extension Grammar {
  /// A declaration with its semicolon: of variables, types or functions, or of members of a struct.
  mutating func declaration(ofMembers: Bool = false) -> Bool {
    var isTyped = false
    var names = 0
    // `struct x y`, `unsigned long y`, `type_t y`: words, of which one may be the type's name and one the declared one.
    specifiers: while kind() == .identifier {
      switch text {
      case "struct", "union", "enum":
        index += 1
        isTyped = true
        attributes()
        if kind() == .identifier { index += 1 }
        if at("{") { guard brackets() else { return false } }
      case let word where Keywords.types.contains(word):
        isTyped = isTyped || !["const", "volatile", "restrict"].contains(word)
        index += 1
      case let word where Keywords.storage.contains(word):
        index += 1
      case let word where Keywords.typeOperators.contains(word):
        index += 1
        guard at("("), brackets() else { return false }
        isTyped = true
      case let word where Keywords.all.contains(word) && word != "__attribute__":
        return false
      case let word where Self.isAttribute(word) && !endsDeclarator(at: index + 1):
        attributes()
      default:
        guard names < 2 else { return false }
        guard !endsDeclarator(at: index + 1) else { break specifiers }
        names += 1
        guard name() else { return false }
      }
    }
    if !isTyped {
      guard names == 1 else { return false }
    } else if names > 0 {
      return false
    }
    // `struct x { … };`
    if accept(";") { return isTyped }
    repeat {
      guard declarator(isMember: ofMembers) else { return false }
    } while accept(",")
    return accept(";")
  }

  /// Whether the word before `position` is what a declaration declares.
  private func endsDeclarator(at position: Int) -> Bool {
    var position = position
    while position + 1 < end, file.isToken(position, "##") { position += 2 }
    guard position < end else { return true }
    if ["=", ";", ",", "[", ":", ")"].contains(file.text(file.tokens[position])) { return true }
    if file.isToken(position, "(") { return !file.isToken(position + 1, "*") || file.isToken(position + 2, ")") }
    guard file.tokens[position].kind == .identifier else { return false }
    // `int x __ro_after_init = 1;`
    return Self.isAttribute(file.text(file.tokens[position]))
      && !Keywords.types.contains(file.text(file.tokens[position - 1]))
      && !Keywords.storage.contains(file.text(file.tokens[position - 1])) && isAttributed(position)
  }

  /// Whether only attributes stand between a position and what ends a declarator.
  private func isAttributed(_ position: Int) -> Bool {
    var position = position
    while position < end, file.tokens[position].kind == .identifier, Self.isAttribute(file.text(file.tokens[position]))
    {
      position += 1
      if file.isToken(position, "("), let close = file.closing(position) { position = close + 1 }
    }
    return position < end && ["=", ";", ",", "{"].contains(file.text(file.tokens[position]))
  }

  /// Whether a word may be an attribute: `__init`, `__free`, `__attribute__`, `DEVICE`.
  static func isAttribute(_ word: String) -> Bool {
    word.hasPrefix("__") || word.utf8.allSatisfy { !($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z")) }
  }

  mutating func attributes() {
    while kind() == .identifier, Self.isAttribute(text) {
      index += 1
      if at("(") { guard brackets() else { return } }
    }
  }

  private mutating func declarator(isMember: Bool) -> Bool {
    while at("*") || at("const") || at("volatile") || at("restrict") { index += 1 }
    attributesBeforeName()
    if at("("), at("*", 1) {
      guard brackets(), at("("), brackets() else { return false }
    } else if !isMember || !at(":") {
      // A bit-field may have no name.
      guard name() else { return false }
    }
    while at("[") || at("(") { guard brackets() else { return false } }
    attributes()
    if isMember { return accept(":") ? expression(commas: false) : true }
    return accept("=") ? value() : true
  }

  private mutating func attributesBeforeName() {
    while kind() == .identifier, Self.isAttribute(text), !endsDeclarator(at: index + 1) { index += 1 }
  }

  /// What a variable or a member is initialised with.
  mutating func value() -> Bool {
    if at("{") {
      guard let close = file.closing(index), close < end else { return false }
      guard index + 1 == close || holds(index + 1..<close, { $0.entries() }) else { return false }
      index = close + 1
      return true
    }
    return expression(commas: false)
  }

  /// The entries of an initialiser or an enum, each but the last with its comma.
  mutating func entries() -> Bool {
    while !isAtEnd {
      if skipDirective() { continue }
      guard entry() else { return false }
      guard accept(",") else { return isAtEnd }
    }
    return true
  }

  private mutating func entry() -> Bool {
    nested { grammar in
      var isDesignated = false
      while grammar.at(".") && grammar.kind(1) == .identifier || grammar.at("[") {
        isDesignated = true
        if grammar.at("[") {
          guard grammar.brackets() else { return false }
        } else {
          grammar.index += 1
          guard grammar.name() else { return false }
        }
      }
      if isDesignated { guard grammar.accept("=") else { return false } }
      return grammar.value()
    }
  }

  /// The parameters between the parentheses of a function.
  static func areParameters(_ file: SourceFile, _ range: Range<Int>) -> Bool {
    file.arguments(range).allSatisfy { parameter in
      if parameter.count == 1 {
        let word = file.text(file.offsets(parameter))
        return Keywords.types.contains(word) || word == "..."
          || file.tokens[parameter.lowerBound].kind == .identifier && !Keywords.all.contains(word)
      }
      // One without a name is a type.
      return holds(file, parameter) { $0.typeName() } || holds(file, parameter) { $0.parameter() }
    }
  }

  private mutating func parameter() -> Bool {
    var words = 0
    while kind() == .identifier || at("*") {
      guard !Keywords.statements.contains(text) else { return false }
      if kind() == .identifier { words += 1 }
      index += 1
      if at("("), Self.isAttribute(file.text(file.tokens[index - 1])) { guard brackets() else { return false } }
    }
    if at("("), at("*", 1) { guard brackets(), at("("), brackets() else { return false } }
    while at("[") { guard brackets() else { return false } }
    attributes()
    return words > 0
  }
}
