import Diagnostics

extension SourceFile {
  /// Requires that tokens which an edit names are whole pieces, or the part of a statement before its branch, and that
  /// their lines hold nothing else.
  func requireWhole(_ range: Range<Int>, as wanted: String) throws(Mismatch) {
    let surroundings = surroundings(of: range.lowerBound)
    let start = place(tokens[range.lowerBound].start)
    func refuse(_ why: String, _ remedy: String) -> Mismatch { Mismatch(start, why, expected: wanted, remedy: remedy) }
    if surroundings == .brackets {
      throw refuse(
        "this is only a part of what stands in brackets",
        "name the whole statement or declaration, or use 'expression' or 'tokens' for a part of it")
    }
    if let previous = previous(range.lowerBound), !startsPiece(range.lowerBound, in: surroundings), !isHeader(range) {
      throw refuse(
        "this starts after '\(text(tokens[previous]))', in the middle of something",
        "name \(surroundings.pieces) from the first token on, or use 'expression' or 'tokens' for a part")
    }
    guard isHeader(range) || endsWhole(range, in: surroundings) else {
      throw refuse(
        "this ends before its \(surroundings == .entries ? "entry" : "statement or declaration") does",
        "name \(surroundings.pieces) up to the last token, or use 'expression' or 'tokens' for a part")
    }
    try requireLines(of: range, as: wanted)
  }

  /// Requires that no other token stands on the lines of a range.
  func requireLines(of range: Range<Int>, as wanted: String?) throws(Mismatch) {
    let offsets = offsets(range)
    let lines = lineStart(offsets.lowerBound)..<lineEnd(offsets.upperBound - 1)
    let all = tokens(within: lines)
    guard let other = [all.lowerBound..<range.lowerBound, range.upperBound..<all.upperBound].joined().first else {
      return
    }
    throw Mismatch(
      place(tokens[other].start), "'\(text(tokens[other]))' stands on the same line and is no part of this",
      expected: wanted, remedy: "name all of the line, or use 'expression' or 'tokens', which leave the rest of it")
  }

  /// Whether a range is `if (…)`, `else if (…)`, `while (…)` or the like, without the branch.
  func isHeader(_ range: Range<Int>) -> Bool {
    Grammar.holds(self, range) { $0.header() }
  }

  /// Whether a range that starts a piece ends one, too.
  private func endsWhole(_ range: Range<Int>, in surroundings: Surroundings) -> Bool {
    guard isBalanced(range) else { return false }
    let (last, next) = (range.upperBound - 1, range.upperBound)
    switch surroundings {
    case .entries:
      return isToken(last, ",") || isToken(next, "}")
    case .macro:
      return isToken(last, ";") || isToken(last, ",") || isToken(last, "}") || next >= tokens.count
        || !tokens[next].inDirective || isToken(next, "#")
    default:
      guard !isToken(next, "else") else { return false }
      if isToken(last, ";") { return !isToken(range.lowerBound, "do") || isWhole(range, in: surroundings) }
      if surroundings == .file, isToken(last, ")") { return true }
      return isToken(last, "}") && !isToken(next, ";") && !(isToken(next, "while") && isToken(range.lowerBound, "do"))
    }
  }

  /// Whether every bracket in a range has its partner there.
  func isBalanced(_ range: Range<Int>) -> Bool {
    range.allSatisfy { partners[$0].map(range.contains) ?? true }
  }

  /// Whether a range is whole pieces as far as Seriesmith's grammar tells: for text that it is to write.
  func isWhole(_ range: Range<Int>, in surroundings: Surroundings) -> Bool {
    switch surroundings {
    case .file: Grammar.holds(self, range) { $0.definitions() }
    case .block: Grammar.holds(self, range) { $0.statements() }
    case .members: Grammar.holds(self, range) { $0.members() }
    case .entries:
      Grammar.holds(self, range) { $0.entries() }
        && (isToken(range.upperBound - 1, ",") || isToken(range.upperBound, "}"))
    case .macro:
      Grammar.holds(self, range) { $0.definitions() } || Grammar.holds(self, range) { $0.statements() }
        || Grammar.holds(self, range) { $0.entries() }
    case .brackets: false
    }
  }
}
