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
    let function = try scope.map { name throws(Mismatch) in try self.function(name) }
    let pattern = TokenPattern(callee + "(")
    let range = function?.body ?? 0..<tokens.count
    let calls = matches(pattern, in: range).filter { match in
      // `x->y(` must not match inside `w->x->y(`, nor `y(` inside `x->y(`.
      match.lowerBound == 0
        || !(isToken(match.lowerBound - 1, "->") || isToken(match.lowerBound - 1, "."))
    }
    let here = scope.map { "function '\($0)'" } ?? "the file"
    guard !calls.isEmpty else {
      throw Mismatch(
        function.map { place(tokens[$0.nameTokens.lowerBound].start) } ?? Place(path),
        "\(here) does not call \(callee)()", expected: "\(callee)(…)")
    }
    if let count, count != calls.count {
      throw Mismatch(
        place(tokens[calls[0].lowerBound].start),
        "\(here) calls \(callee)() \(calls.count) times instead of \(count)")
    }
    var edits: [Edit] = []
    for call in calls {
      let open = call.upperBound - 1
      guard let close = closing(open) else { continue }
      edits.append(Edit(offsets(call.lowerBound..<open), newCallee))
      if let argument {
        edits.append(.insert((close == open + 1 ? argument : ", " + argument).utf8, at: tokens[close].start))
      }
      edits += realigning(open..<close, by: newCallee.utf8.count - offsets(call.lowerBound..<open).count)
    }
    return applying(edits)
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
