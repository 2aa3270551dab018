import Diagnostics

extension SourceFile {
  /// Puts text on lines of its own after a construct.
  public func inserting(_ text: String, after construct: Construct) throws(Mismatch) -> SourceFile {
    let locations = try lines(of: construct)
    for location in locations where !location.tokens.isEmpty {
      guard !isHeader(location.tokens) else {
        throw Mismatch(
          place(location.bytes.lowerBound), "what is inserted after this would become its branch",
          expected: self.text(offsets(location.tokens)),
          remedy: "use 'statement' with 'when', or name the whole statement")
      }
      try requireOutsideBranch(location)
    }
    return try writing(text, at: locations.map { $0.bytes.upperBound..<$0.bytes.upperBound })
  }

  /// Puts text on lines of its own before a construct.
  public func inserting(_ text: String, before construct: Construct) throws(Mismatch) -> SourceFile {
    let locations = try lines(of: construct)
    for location in locations where !location.tokens.isEmpty { try requireOutsideBranch(location) }
    return try writing(text, at: locations.map { $0.bytes.lowerBound..<$0.bytes.lowerBound })
  }

  /// Replaces a construct: its lines, or a part of a line where it is one.
  public func replacing(_ construct: Construct, with text: String) throws(Mismatch) -> SourceFile {
    switch construct {
    case .expression: return try replacingExpressions(try locations(of: construct).map(\.tokens), with: text)
    case .tokens: return try replacingTokens(try locations(of: construct).map(\.tokens), with: text)
    default: break
    }
    let locations = try lines(of: construct)
    let edited = try edited(locations.map { Edit($0.bytes, text.endingLine) })
    for (location, written) in zip(locations, edited.written) {
      guard !written.isEmpty else {
        if !location.tokens.isEmpty { try requireRemovable(location) }
        continue
      }
      if !location.tokens.isEmpty, isHeader(location.tokens) {
        try edited.file.requireHeader(written, like: self.text(tokens[location.tokens.lowerBound]))
      } else {
        let isBranch = !location.tokens.isEmpty && isBranch(location.tokens.lowerBound)
        try edited.file.requireWritten(written, asBranch: isBranch)
      }
    }
    return edited.file
  }

  /// Removes a construct's lines, and the blank line behind it that would then follow another one or open a block.
  public func removing(_ construct: Construct) throws(Mismatch) -> SourceFile {
    switch construct {
    case .expression(let text, _, _), .tokens(let text, _, _):
      throw Mismatch(
        Place(path), "a part of a statement cannot be removed", expected: text,
        remedy: "replace the whole statement with 'text'")
    default: break
    }
    let locations = try lines(of: construct)
    for location in locations where !location.tokens.isEmpty { try requireRemovable(location) }
    return try applying(
      locations.map(\.bytes).map { lines in
        let before = bytes[..<lines.lowerBound].suffix(2)
        let blankBefore =
          lines.lowerBound == 0 || before.elementsEqual([.newline, .newline])
          || before.elementsEqual([UInt8(ascii: "{"), .newline])
        let blankAfter = lines.upperBound < bytes.count && bytes[lines.upperBound] == .newline
        return Edit(lines.lowerBound..<lines.upperBound + (blankBefore && blankAfter ? 1 : 0), [])
      })
  }

  /// The whole lines of a construct, which hold nothing else.
  private func lines(of construct: Construct) throws(Mismatch) -> [Location] {
    let locations = try locations(of: construct)
    for location in locations {
      switch construct {
      case .text(let text, _, _): try requireWhole(location.tokens, as: text)
      case .expression(let text, _, _), .tokens(let text, _, _):
        throw Mismatch(
          place(location.bytes.lowerBound), "nothing can be inserted beside a part of a statement", expected: text,
          remedy: "name a whole statement with 'text', or replace the part with 'replace'")
      case .comment, .kernelDoc:
        if let token = tokens(within: location.bytes).first {
          throw Mismatch(
            place(tokens[token].start), "code stands on the same line as the comment",
            remedy: "name the code with 'text'; its line's comment goes with it")
        }
      case .function, .member: try requireLines(of: location.tokens, as: nil)
      }
    }
    return locations
  }

  private func writing(_ text: String, at places: [Range<Int>]) throws(Mismatch) -> SourceFile {
    let edited = try edited(places.map { Edit($0, text.endingLine) })
    for written in edited.written where !written.isEmpty { try edited.file.requireWritten(written) }
    return edited.file
  }

  private func requireOutsideBranch(_ location: Location) throws(Mismatch) {
    let start = location.tokens.lowerBound
    guard surroundings(of: start) == .block, isBranch(start) || isToken(start, "else") else { return }
    throw Mismatch(
      place(tokens[start].start), "the statement is a branch of its own: name its condition instead",
      expected: text(offsets(location.tokens)), remedy: "use 'statement' with 'when' or 'otherwise', which adds braces")
  }

  private func requireRemovable(_ location: Location) throws(Mismatch) {
    try requireOutsideBranch(location)
    let tokens = location.tokens
    let labelled = previous(tokens.lowerBound).map(endsLabel) ?? false
    guard !isHeader(tokens), !(labelled && isToken(tokens.upperBound, "}")) else {
      throw Mismatch(
        place(self.tokens[tokens.lowerBound].start), "without this, what belongs to it would have no statement",
        expected: text(offsets(tokens)), remedy: "name all of the statement, with its branch or its label")
    }
  }

  /// Requires that what an edit wrote is whole pieces where they stand, on lines of their own.
  ///
  /// - Parameter asBranch: whether they replace a branch without braces: then they are one statement.
  func requireWritten(_ written: Range<Int>, asBranch: Bool = false) throws(Mismatch) {
    let isDirective = isToken(written.lowerBound, "#") && directive(startingAt: written.lowerBound) != nil
    guard let first = isDirective ? written.first(where: { !tokens[$0].inDirective }) : written.lowerBound else {
      return
    }
    let surroundings = surroundings(of: first)
    func refuse(_ why: String, _ remedy: String) -> Mismatch {
      Mismatch(place(tokens[first].start), why, expected: text(offsets(written)), remedy: remedy)
    }
    if surroundings == .brackets {
      throw refuse("the new text stands inside brackets", "insert it before or after a whole statement")
    }
    guard isWhole(written, in: surroundings), startsPiece(first, in: surroundings) else {
      throw refuse("the new text is not \(surroundings.pieces)", "write \(surroundings.pieces), up to the last token")
    }
    if surroundings == .block, isBranch(first) {
      let isOne = Grammar.holds(self, written) { $0.statement() } && !Grammar.holds(self, written) { $0.declaration() }
      guard asBranch, isOne else {
        throw refuse("the new text would be a branch without braces", "write one statement, or a block in braces")
      }
    }
    try requireLines(of: written, as: nil)
  }

  private func requireHeader(_ written: Range<Int>, like keyword: String) throws(Mismatch) {
    guard isHeader(written), text(tokens[written.lowerBound]) == keyword else {
      throw Mismatch(
        place(tokens[written.lowerBound].start),
        "the new text is not '\(keyword) (…)' without its branch, as the old is",
        expected: text(offsets(written)), remedy: "write a condition of the same sort, or replace the whole statement")
    }
    try requireLines(of: written, as: nil)
  }
}

extension String {
  /// The text with its last line ended.
  fileprivate var endingLine: String { isEmpty || utf8.last == .newline ? self : self + "\n" }
}
