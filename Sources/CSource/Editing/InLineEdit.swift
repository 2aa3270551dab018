import Diagnostics

/// Replacements of a part of a line: of an expression, or of tokens.
extension SourceFile {
  func replacingExpressions(_ ranges: [Range<Int>], with text: String) throws(Mismatch) -> SourceFile {
    for range in ranges { try requireExpression(range) }
    let edited = try edited(ranges.map { Edit(offsets($0), text) })
    for written in edited.written { try edited.file.requireExpression(written) }
    return edited.file
  }

  /// Requires that tokens are an expression and that no neighbour takes a part of it away.
  private func requireExpression(_ range: Range<Int>) throws(Mismatch) {
    let wanted = text(offsets(range))
    func refuse(_ why: String, _ remedy: String) -> Mismatch {
      Mismatch(place(tokens[range.first ?? 0].start), why, expected: wanted, remedy: remedy)
    }
    guard Grammar.holds(self, range, { $0.expression(commas: false) }) else {
      throw refuse("this is not an expression", "write one whole expression, with its brackets closed")
    }
    guard isInExpression(range.lowerBound) else {
      throw refuse(
        "this declares something, it is not computed", "use 'signature' or replace the declaration with 'text'")
    }
    let binding = binding(of: range)
    guard binding > bindingBefore(range.lowerBound), binding >= bindingAfter(range.upperBound) else {
      throw refuse(
        "what stands beside this binds tighter than its operators",
        "name more of it, or put brackets around the new text")
    }
  }

  /// How tightly the loosest operator outside brackets binds: 14 for an operand, 13 for one with a prefix.
  private func binding(of range: Range<Int>) -> Int {
    var binding = 14
    var index = range.lowerBound
    var isAfterOperand = false
    while index < range.upperBound {
      if let close = closing(index) {
        // A cast in front is a prefix.
        if isToken(index, "("), !isAfterOperand, close + 1 < range.upperBound, startsOperand(close + 1) {
          binding = min(binding, 13)
        } else {
          isAfterOperand = true
        }
        index = close + 1
        continue
      }
      if tokens[index].kind == .punctuator, !isToken(index, "."), !isToken(index, "->") {
        let isSuffix = isAfterOperand && (isToken(index, "++") || isToken(index, "--"))
        if isAfterOperand, !isSuffix {
          binding = min(binding, Operators.binary[text(tokens[index])] ?? 0)
          isAfterOperand = false
        } else if !isSuffix {
          binding = min(binding, 13)
        }
      } else {
        isAfterOperand = true
      }
      index += 1
    }
    return binding
  }

  private func startsOperand(_ index: Int) -> Bool {
    tokens[index].kind != .punctuator || isToken(index, "(") || isToken(index, "{")
  }

  /// How tightly the token before an operand binds it; 15 if it cannot be parted from it.
  private func bindingBefore(_ index: Int) -> Int {
    guard let before = previous(index) else { return 0 }
    let word = text(tokens[before])
    if ["(", "[", "{", ";", "}", ","].contains(word) { return 0 }
    if tokens[before].kind == .identifier { return ["return", "case", "else", "do"].contains(word) ? 0 : 15 }
    if word == ":" { return endsLabel(before) ? 0 : 2 }
    if word == ")", let open = opening(before) {
      // A cast, or the end of `if (…)`.
      return open > 0 && tokens[open - 1].kind == .identifier ? 0 : 12
    }
    guard let binding = Operators.binary[word] else { return Operators.prefixes.contains(word) ? 12 : 15 }
    let isPrefix = Operators.prefixes.contains(word) && !(before > 0 && endsOperand(before - 1))
    // `a = b = c` is `a = (b = c)`.
    return isPrefix ? 12 : binding == 1 ? 0 : binding
  }

  private func endsOperand(_ index: Int) -> Bool {
    if tokens[index].kind != .punctuator { return !Keywords.statements.contains(text(tokens[index])) }
    return isToken(index, ")") || isToken(index, "]")
  }

  private func bindingAfter(_ index: Int) -> Int {
    guard index < tokens.count else { return 0 }
    let word = text(tokens[index])
    if [")", "]", "}", ";", ","].contains(word) { return 0 }
    if tokens[index].inDirective, word == "#" { return 0 }
    if ["(", "[", ".", "->", "++", "--"].contains(word) { return 14 }
    guard let binding = Operators.binary[word] else { return 15 }
    // Only an operand can be assigned to.
    return binding == 1 ? 14 : binding
  }

  /// Whether a token stands where something is computed: in a statement, or after the `=` of a declaration.
  private func isInExpression(_ index: Int) -> Bool {
    var index = index
    while case .brackets = surroundings(of: index), let open = enclosingBracket(index) { index = open }
    var start = index
    while let before = previous(start), !isToken(before, ";"), !isToken(before, "{"), !isToken(before, "}") {
      if isToken(before, "=") { return true }
      start = isToken(before, ")") || isToken(before, "]") ? opening(before) ?? before : before
      if endsLabel(before) { return true }
    }
    switch surroundings(of: index) {
    case .entries: return true
    case .macro:
      guard let directive = directives.last(where: { $0.tokens.contains(index) }) else { return false }
      return directive.name != "define" || index > directive.tokens.lowerBound + 3
    case .block:
      guard let end = (index..<tokens.count).first(where: { isToken($0, ";") || isToken($0, "{") }) else {
        return false
      }
      return !Grammar.holds(self, start..<end + 1) { $0.declaration() }
    default: return false
    }
  }

  func replacingTokens(_ ranges: [Range<Int>], with text: String) throws(Mismatch) -> SourceFile {
    let edited = try edited(ranges.map { Edit(offsets($0), text) })
    for (range, written) in zip(ranges, edited.written) {
      let isSame =
        range.count == written.count
        && zip(range, written).allSatisfy {
          canReplace($0, self.text(tokens[$0]), edited.file.text(edited.file.tokens[$1]))
        }
      guard isSame else {
        throw Mismatch(
          place(tokens[range.lowerBound].start), "each token must be replaced by one of its own sort",
          expected: self.text(offsets(range)), found: text,
          remedy: "replace an 'expression' or, with 'text', whole statements; 'signature' has a function's type")
      }
    }
    return edited.file
  }

  /// Whether C stays C when one token takes another's place: a name a name's, a number a number's, an operator that of
  /// another between the same operands.
  private func canReplace(_ index: Int, _ old: String, _ new: String) -> Bool {
    if old == new { return true }
    let replacement = SourceFile(path: "", bytes: Array(new.utf8)).tokens.first?.kind
    switch (tokens[index].kind, replacement) {
    case (.identifier, .identifier):
      let (wasKeyword, isKeyword) = (Keywords.all.contains(old), Keywords.all.contains(new))
      if !wasKeyword, !isKeyword { return true }
      // `static void f` may become `static int f`: a word that follows makes this a type.
      let types = Keywords.types.subtracting(["const", "volatile", "restrict", "struct", "union", "enum"])
      let isType = (types.contains(old) || !wasKeyword) && (types.contains(new) || !isKeyword)
      let isNamed =
        index + 1 < tokens.count && tokens[index + 1].kind == .identifier && !types.contains(text(tokens[index + 1]))
      return isType && isNamed && !(index > 0 && types.contains(text(tokens[index - 1])))
    case (.number, .number), (.number, .character), (.character, .character), (.character, .number), (.string, .string):
      return true
    case (.number, .identifier): return !Keywords.all.contains(new)
    case (.punctuator, .punctuator):
      // `*` and `&` may belong to a declaration or to one operand.
      guard old != "*", old != "&", index > 0, endsOperand(index - 1) else { return false }
      let (before, after) = (Operators.binary[old] ?? 0, Operators.binary[new] ?? 0)
      return before > 2 && after > 2 || before == 1 && after == 1 && old != "=" && new != "="
    default: return false
    }
  }
}
