import Diagnostics

extension SourceFile {
  /// Renames the callee of calls and appends an argument, if one is given.
  ///
  /// - Parameters:
  ///   - scope: the function that makes the calls; nil for the whole file.
  ///   - count: the expected number of calls; nil for any number above 0.
  public func changingCalls(
    of callee: String, in scope: String?, to newCallee: String, addingArgument argument: String?, count: Int?
  ) throws(Mismatch) -> SourceFile {
    if let scope { try Names.require(scope, "function", in: self) }
    for callee in [callee, newCallee] { try Names.requireCallee(callee, in: self) }
    let function = try scope.map { name throws(Mismatch) in try self.function(name) }
    let pattern = TokenPattern(callee + "(")
    let range = function?.body ?? 0..<tokens.count
    let calls = matches(pattern, in: range).filter(isCall)
    let here = scope.map { "function '\($0)'" } ?? "the file"
    guard !calls.isEmpty else {
      let definition = function == nil ? functions(named: callee).first : nil
      throw Mismatch(
        (function ?? definition).map { place(tokens[$0.nameTokens.lowerBound].start) } ?? Place(path),
        "\(here) does not call \(callee)()", expected: "\(callee)(…)",
        remedy: definition.map { _ in "use 'signature' for its definition, and 'call' where it is called" })
    }
    if let count, count != calls.count {
      throw Mismatch(
        place(tokens[calls[0].lowerBound].start),
        "\(here) calls \(callee)() \(calls.count) times instead of \(count)")
    }
    if let argument {
      guard areArguments(argument) else {
        throw Mismatch(
          Place(path), "'\(argument)' is not an argument", remedy: "write an expression, with its brackets closed")
      }
    }
    var edits: [Edit] = []
    for call in calls {
      let open = call.upperBound - 1
      guard let close = closing(open) else {
        throw Mismatch(
          place(tokens[open].start), "the arguments of this call have no end", expected: "\(callee)(…)",
          remedy: "replace the statement with 'text'")
      }
      edits.append(Edit(offsets(call.lowerBound..<open), newCallee))
      if let argument {
        edits.append(.insert((close == open + 1 ? argument : ", " + argument).utf8, at: tokens[close].start))
      }
      edits += realigning(open..<close, by: newCallee.utf8.count - offsets(call.lowerBound..<open).count)
    }
    return try applying(edits)
  }

  /// Whether what spells `callee(` is a call: no definition, no declaration, and no part of a longer callee.
  private func isCall(_ match: Range<Int>) -> Bool {
    let start = match.lowerBound
    if tokens[start].inDirective {
      // `#define callee(` defines a macro.
      guard let directive = directives.last(where: { $0.tokens.lowerBound <= start }), directive.name == "define",
        start > directive.tokens.lowerBound + 2
      else { return false }
    } else if surroundings(of: start) == .file {
      return false
    }
    guard let before = previous(start) else { return true }
    // `x->y(` must not match inside `w->x->y(`, nor `y(` inside `x->y(`.
    if isToken(before, "->") || isToken(before, ".") { return false }
    // `int callee(int);` in a function declares it.
    return tokens[before].kind != .identifier || Keywords.statements.contains(text(tokens[before]))
      || tokens[start].inDirective
  }

  private func areArguments(_ text: String) -> Bool {
    let pattern = SourceFile(path: "", bytes: Array(text.utf8))
    return Grammar.holds(pattern, pattern.tokens.indices) { $0.expression() }
  }

  /// Moves the continuation lines of an argument list that are aligned with its opening parenthesis.
  private func realigning(_ list: Range<Int>, by delta: Int) -> [Edit] {
    let margin = column(tokens[list.lowerBound].end)
    var edits: [Edit] = []
    var line = lineEnd(tokens[list.lowerBound].start)
    while line < tokens[list.upperBound].start {
      let indentation = indentation(at: line)
      if CodeLayout.width(indentation) == margin {
        edits.append(Edit(line..<line + indentation.count, CodeLayout.indentation(to: margin + delta)))
      }
      line = lineEnd(line)
    }
    return edits
  }
}
