import Diagnostics

/// A point in a function where statements are added.
public enum StatementAnchor: Sendable, Hashable {
  /// The end of the branch taken when `if (condition)` holds.
  case when(String)
  /// The end of the `else` branch of `if (condition)`.
  case otherwise(String)
  /// After the statement with this text.
  case after(String)
  /// Before the statement that starts with this text.
  case before(String)
}

extension SourceFile {
  /// Adds statements to a function at an anchor, one per text line, indented like their surroundings.
  public func addingStatements(
    _ lines: [String], to function: String, at anchor: StatementAnchor
  ) throws(Mismatch) -> SourceFile {
    try Names.require(function, "function", in: self)
    let text = SourceFile(path: "", bytes: Array((lines.joined(separator: "\n") + "\n").utf8))
    guard Grammar.holds(text, text.tokens.indices, { $0.statements() }) else {
      throw Mismatch(
        place(of: function), "the lines are not whole statements", expected: lines.joined(separator: "\n"),
        remedy: "write whole statements, each up to its ';' or '}'")
    }
    return try applying(try edits(adding: lines, to: function, at: anchor))
  }

  private func edits(
    adding lines: [String], to function: String, at anchor: StatementAnchor
  ) throws(Mismatch) -> [Edit] {
    let body = try self.function(function).body
    switch anchor {
    case .when(let condition):
      let chain = try ifChain(condition, in: body, of: function)
      guard let arm = chain.arms.firstIndex(where: { $0.isCondition(condition, in: self) }) else { return [] }
      return try adding(lines, toArm: arm, of: chain)
    case .otherwise(let condition):
      let chain = try ifChain(condition, in: body, of: function)
      guard let arm = chain.arms.firstIndex(where: { $0.isCondition(condition, in: self) }),
        arm + 1 == chain.arms.count - 1, chain.arms[arm + 1].condition == nil
      else {
        throw Mismatch(
          place(tokens[chain.arms[0].body.lowerBound].start), "'if (\(condition))' has no plain else branch")
      }
      return try adding(lines, toArm: arm + 1, of: chain)
    case .after(let statement):
      let match = try unique(statement, in: body, of: function)
      try requireWhole(match, as: statement)
      let indentation = indentation(at: tokens[match.lowerBound].start)
      let text = indented(lines, by: indentation)
      return [.insert(text, at: lineEnd(tokens[match.upperBound - 1].start))]
    case .before(let statement):
      let match = try unique(statement, in: body, of: function)
      let start = lineStart(tokens[match.lowerBound].start)
      guard tokens(within: start..<tokens[match.lowerBound].end).count == 1 else {
        throw Mismatch(
          place(start), "the statement does not start its line", expected: statement,
          remedy: "name the statement that starts the line, or replace the line with 'text'")
      }
      var text = indented(lines, by: indentation(at: start))
      // If a blank line precedes the statement, keep one between it and the addition.
      if bytes[..<start].suffix(2).elementsEqual([.newline, .newline]) { text.append(.newline) }
      return [.insert(text, at: start)]
    }
  }

  /// The only occurrence of `statement` at the start of a statement in a block of the function.
  func unique(_ statement: String, in body: Range<Int>, of function: String) throws(Mismatch) -> Range<Int> {
    let found = matches(TokenPattern(statement), in: body).filter { match in
      isToken(match.lowerBound - 1, ";") || isToken(match.lowerBound - 1, "{")
        || isToken(match.lowerBound - 1, "}") || isToken(match.lowerBound - 1, ":")
        || endsControlHeader(match.lowerBound - 1)
    }
    guard let match = found.first, found.count == 1, !isToken(match.lowerBound, "else") else {
      throw Mismatch(
        place(tokens[body.lowerBound].start),
        found.isEmpty
          ? "function '\(function)' has no such statement" : "function '\(function)' has this statement several times",
        expected: statement, found: found.isEmpty ? text(offsets(body)) : nil)
    }
    guard !endsControlHeader(match.lowerBound - 1) else {
      throw Mismatch(
        place(tokens[match.lowerBound].start),
        "the statement is a branch of its own: name its condition instead", expected: statement)
    }
    return match
  }

  /// Whether the token ends `if (…)`, `for (…)` or `while (…)`, or is `else`: a branch without braces follows.
  private func endsControlHeader(_ index: Int) -> Bool {
    if isToken(index, "else") { return true }
    guard isToken(index, ")") else { return false }
    guard let open = opening(index), isToken(open, "(") else { return false }
    return isToken(open - 1, "if") || isToken(open - 1, "for") || isToken(open - 1, "while")
  }

  private func indented(_ lines: [String], by indentation: [UInt8]) -> [UInt8] {
    let margin = String(decoding: indentation, as: UTF8.self)
    return lines.flatMap { $0.isEmpty ? [.newline] : Array(CodeLayout.statement(margin + $0).utf8) + [.newline] }
  }

  // MARK: if … else if … else

  struct Arm {
    /// The tokens between the parentheses; nil for a final `else`.
    var condition: Range<Int>?
    /// The last token of `if (…)` or the `else`.
    var header: Int
    /// The branch: a block with its braces, or a single statement with its semicolon.
    var body: Range<Int>
    var isBlock: Bool

    func isCondition(_ text: String, in file: SourceFile) -> Bool {
      guard let condition else { return false }
      let pattern = TokenPattern(text)
      return condition.count == pattern.tokens.count && file.spells(pattern, at: condition.lowerBound)
    }
  }

  struct IfChain {
    var start: Int
    var arms: [Arm]
  }

  /// The `if … else` chain that tests `condition`.
  private func ifChain(_ condition: String, in body: Range<Int>, of function: String) throws(Mismatch) -> IfChain {
    var chains: [IfChain] = []
    for index in body where isToken(index, "if") && !isToken(index - 1, "else") && !tokens[index].inDirective {
      guard let chain = ifChain(at: index) else { continue }
      if chain.arms.contains(where: { $0.isCondition(condition, in: self) }) { chains.append(chain) }
    }
    guard let chain = chains.first, chains.count == 1 else {
      throw Mismatch(
        place(tokens[body.lowerBound].start),
        chains.isEmpty
          ? "function '\(function)' does not test this condition"
          : "function '\(function)' tests this condition several times",
        expected: "if (\(condition))", found: chains.isEmpty ? text(offsets(body)) : nil)
    }
    return chain
  }

  func ifChain(at start: Int) -> IfChain? {
    var arms: [Arm] = []
    var index = start
    while true {
      var condition: Range<Int>?
      var header = index
      if isToken(index, "if") {
        guard isToken(index + 1, "("), let close = closing(index + 1) else { return nil }
        condition = index + 2..<close
        header = close
      }
      guard let end = statementEnd(header + 1) else { return nil }
      arms.append(
        Arm(condition: condition, header: header, body: header + 1..<end, isBlock: isToken(header + 1, "{")))
      guard condition != nil, isToken(end, "else") else { return IfChain(start: start, arms: arms) }
      index = isToken(end + 1, "if") ? end + 1 : end
    }
  }

  /// The token after the statement that starts at `index`.
  private func statementEnd(_ index: Int) -> Int? {
    if isToken(index, "{") { return closing(index).map { $0 + 1 } }
    if isToken(index, "if"), let chain = ifChain(at: index) { return chain.arms.last?.body.upperBound }
    if isToken(index, "for") || isToken(index, "while") || isToken(index, "switch") {
      guard isToken(index + 1, "("), let close = closing(index + 1) else { return nil }
      return statementEnd(close + 1)
    }
    var index = index
    while index < tokens.count, !isToken(index, ";") {
      if isToken(index, "(") || isToken(index, "{") || isToken(index, "[") {
        guard let close = closing(index) else { return nil }
        index = close
      }
      index += 1
    }
    return index < tokens.count ? index + 1 : nil
  }

  /// Adds lines to the end of one arm, and braces to every arm that has none: kernel style wants braces on all arms if
  /// any arm has them.
  private func adding(_ lines: [String], toArm target: Int, of chain: IfChain) throws(Mismatch) -> [Edit] {
    try requireArms(of: chain)
    let outer = indentation(at: tokens[chain.start].start)
    let inner = outer + [.tab]
    var edits: [Edit] = []
    for (number, arm) in chain.arms.enumerated() {
      let text = number == target ? indented(lines, by: inner) : []
      if arm.isBlock {
        edits.append(.insert(text, at: lineStart(tokens[arm.body.upperBound - 1].start)))
        continue
      }
      edits.append(.insert(" {".utf8, at: tokens[arm.header].end))
      let end = tokens[arm.body.upperBound - 1].end
      if number + 1 < chain.arms.count {
        // Comments up to the `else` stay in the arm before it.
        let elseStart = tokens[arm.body.upperBound].start
        let kept = bytes[end..<elseStart].reversed().drop { [.space, .tab, .newline].contains($0) }.reversed()
        edits.append(Edit(end..<elseStart, kept + [.newline] + text + outer + Array("} ".utf8)))
      } else {
        edits.append(.insert(text + outer + [UInt8(ascii: "}"), .newline], at: lineEnd(end)))
      }
    }
    return edits
  }

  /// Requires that each arm can take braces and lines: its `}` starts a line, or nothing follows its statement.
  private func requireArms(of chain: IfChain) throws(Mismatch) {
    for arm in chain.arms {
      let (last, line) = (arm.body.upperBound - 1, lineStart(tokens[arm.body.upperBound - 1].start))
      let isOnOwnLine =
        arm.isBlock
        ? tokens(within: line..<tokens[last].end).count == 1
        : isToken(last + 1, "else") || tokens(within: tokens[last].end..<lineEnd(tokens[last].end)).isEmpty
      guard isOnOwnLine else {
        throw Mismatch(
          place(tokens[last].start), "the branch shares its last line with something else",
          expected: text(offsets(chain.start..<arm.body.upperBound)), remedy: "replace the whole 'if' with 'text'")
      }
    }
  }
}
