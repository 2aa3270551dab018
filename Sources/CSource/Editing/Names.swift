import Diagnostics

/// What a description calls a name must be one.
enum Names {
  /// Requires the name of a function, a member or a macro: an identifier, or for a function also a macro's call.
  static func require(_ name: String, _ what: String, in file: SourceFile) throws(Mismatch) {
    let pattern = SourceFile(path: "", bytes: Array(name.utf8))
    var grammar = Grammar(pattern, pattern.tokens.indices)
    guard grammar.name(), grammar.isAtEnd || what == "function" && grammar.brackets() && grammar.isAtEnd else {
      let last = pattern.tokens.last { $0.kind == .identifier && !Keywords.all.contains(pattern.text($0)) }
      throw Mismatch(
        Place(file.path), "'\(name)' is not a \(what)'s name",
        remedy: "write the name alone" + (last.map { ": '\(pattern.text($0))'" } ?? ""))
    }
  }

  /// Requires what is called: a name, or a member of something.
  static func requireCallee(_ callee: String, in file: SourceFile) throws(Mismatch) {
    let pattern = SourceFile(path: "", bytes: Array(callee.utf8))
    let isCallee = Grammar.holds(pattern, pattern.tokens.indices) { grammar in
      guard !grammar.at("*"), !grammar.at("&") else { return false }
      return grammar.expression(commas: false)
    }
    let hasOperator = pattern.tokens.contains { Operators.binary[pattern.text($0)] != nil }
    guard isCallee, !hasOperator,
      pattern.tokens.last?.kind == .identifier || pattern.isToken(pattern.tokens.count - 1, ")")
    else {
      throw Mismatch(
        Place(file.path), "'\(callee)' is nothing that can be called",
        remedy: "write what stands before the '(' of the call, such as 'ops->get'")
    }
  }

  /// Requires a value or an argument: an expression without a comma outside brackets.
  static func requireValue(_ value: String, _ what: String, in file: SourceFile) throws(Mismatch) {
    let pattern = SourceFile(path: "", bytes: Array(value.utf8))
    // In a macro, a value may be pasted together.
    guard Grammar.holds(pattern, pattern.tokens.indices, { $0.value() }) else {
      throw Mismatch(
        Place(file.path), "'\(value)' is not \(what)", remedy: "write one expression, with its brackets closed")
    }
  }
}
