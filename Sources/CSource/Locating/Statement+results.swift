extension SourceFile {
  /// The anchors at which a statement about a returned value can be added: wherever the function computes a value that
  /// it returns, constants aside.
  public func results(of function: String) throws(Mismatch) -> [StatementAnchor] {
    let body = try self.function(function).body
    let returned = Set(
      body.filter { isToken($0, "return") && isToken($0 + 2, ";") && tokens[$0 + 1].kind == .identifier }
        .map { text(tokens[$0 + 1]) })
    return body.compactMap { start in
      guard startsStatement(start), let end = (start..<body.upperBound).first(where: { isToken($0, ";") }) else {
        return nil
      }
      let isReturn = isToken(start, "return")
      guard isReturn || isToken(start + 1, "=") && returned.contains(text(tokens[start])) else { return nil }
      let value = start + (isReturn ? 1 : 2)..<end
      // A lone variable got its value elsewhere, and a value that starts with a minus is an error code.
      if value.count < 2 || isToken(value.lowerBound, "-") { return nil }
      if let condition = branchCondition(start, in: body) { return condition }
      let statement = text(offsets(start..<end + 1)).collapsingSpace
      return isReturn ? .before(statement) : .after(statement)
    }
  }

  private func startsStatement(_ index: Int) -> Bool {
    ["{", "}", ";", ":", ")", "else"].contains(text(tokens[index - 1]))
  }

  /// The anchor of the branch without braces that is the statement at `start`.
  private func branchCondition(_ start: Int, in body: Range<Int>) -> StatementAnchor? {
    for index in body where isToken(index, "if") && !isToken(index - 1, "else") {
      guard let arms = ifChain(at: index)?.arms,
        let arm = arms.firstIndex(where: { !$0.isBlock && $0.body.lowerBound == start })
      else { continue }
      if let condition = arms[arm].condition { return .when(text(offsets(condition)).collapsingSpace) }
      if arm > 0, let condition = arms[arm - 1].condition {
        return .otherwise(text(offsets(condition)).collapsingSpace)
      }
    }
    return nil
  }
}
