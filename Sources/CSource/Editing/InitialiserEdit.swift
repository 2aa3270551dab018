import Diagnostics

extension SourceFile {
  /// Replaces `.member = value` with another member and value, keeping the table's alignment.
  public func replacing(_ initialiser: Initialiser, member: String, value: String) throws(Mismatch) -> SourceFile {
    try requireSettable(member, value)
    return try applying([Edit(offsets(initialiser.tokens), aligned(member: member, value: value, like: initialiser))])
  }

  /// Adds an initialiser, or an assignment to the same table, after an existing one: on a line of its own if that one
  /// has its line for itself.
  public func adding(member: String, value: String, after initialiser: Initialiser) throws(Mismatch) -> SourceFile {
    try requireSettable(member, value)
    let start = tokens[initialiser.tokens.lowerBound].start
    let end = initialiser.tokens.upperBound
    let text = aligned(member: member, value: value, like: initialiser)
    if isToken(end, ";") {
      let statement = try assignment(initialiser)
      let prefix = bytes[tokens[statement.lowerBound].start..<start]
      let line = indentation(at: start) + prefix + Array((text + ";").utf8) + [.newline]
      return try applying([.insert(line, at: lineEnd(tokens[end].end))])
    }
    let hasComma = isToken(end, ",")
    let anchor = hasComma ? tokens[end].end : tokens[end - 1].end
    guard standsAlone(initialiser.tokens.lowerBound..<end + (hasComma ? 1 : 0)) else {
      return try applying([.insert((hasComma ? " \(text)," : ", \(text)").utf8, at: anchor)])
    }
    let line = indentation(at: start) + Array(text.utf8)
    // In a macro, each line but the last ends with a backslash.
    let tail = bytes[anchor..<lineEnd(anchor)]
    let backslash = tail.lastIndex(of: UInt8(ascii: "\\"))
    if tokens[initialiser.tokens.lowerBound].inDirective, backslash == nil {
      return try applying([.insert((hasComma ? " \\\n" : ", \\\n").utf8 + line, at: anchor)])
    }
    let ending =
      backslash.map { slash in
        Array(bytes[anchor...slash].dropLast().reversed().prefix { $0 == .space || $0 == .tab }.reversed()) + [
          bytes[slash]
        ]
      } ?? []
    if hasComma {
      return try applying([.insert(line + [UInt8(ascii: ",")] + ending + [.newline], at: lineEnd(anchor))])
    }
    return try applying([
      .insert(",".utf8, at: anchor), .insert(line + ending + [.newline], at: lineEnd(anchor)),
    ])
  }

  /// Removes an initialiser, or an assignment, and its line if nothing else is on it.
  public func removing(_ initialiser: Initialiser) throws(Mismatch) -> SourceFile {
    let end = initialiser.tokens.upperBound
    if isToken(end, ";") {
      let statement = try assignment(initialiser)
      return try applying([
        Edit(lineStart(tokens[statement.lowerBound].start)..<lineEnd(tokens[end].end), [])
      ])
    }
    let whole = initialiser.tokens.lowerBound..<end + (isToken(end, ",") ? 1 : 0)
    let bytes = offsets(whole)
    if standsAlone(whole), !tokens[whole.lowerBound].inDirective || endsWithBackslash(bytes.upperBound) {
      return try applying([Edit(lineStart(bytes.lowerBound)..<lineEnd(bytes.upperBound), [])])
    }
    let gap = self.bytes[bytes.upperBound...].prefix { $0 == .space }.count
    return try applying([Edit(bytes.lowerBound..<bytes.upperBound + gap, [])])
  }

  private func endsWithBackslash(_ offset: Int) -> Bool {
    bytes[offset..<lineEnd(offset)].last { !$0.isSpace } == UInt8(ascii: "\\")
  }

  /// Whether no other token is on the lines of a range.
  private func standsAlone(_ range: Range<Int>) -> Bool {
    let bytes = offsets(range)
    return tokens(within: lineStart(bytes.lowerBound)..<lineEnd(bytes.upperBound)) == range
  }

  private func requireSettable(_ member: String, _ value: String) throws(Mismatch) {
    try Names.require(member, "member", in: self)
    try Names.requireValue(value, "a value", in: self)
  }

  /// The statement that is nothing but an assignment, with its lines for itself.
  private func assignment(_ initialiser: Initialiser) throws(Mismatch) -> Range<Int> {
    let end = initialiser.tokens.upperBound
    var start = initialiser.tokens.lowerBound
    while let before = previous(start), !isToken(before, ";"), !isToken(before, "{"), !isToken(before, "}"),
      !isToken(before, ":"), !isBranch(start)
    { start = isToken(before, ")") || isToken(before, "]") ? opening(before) ?? before : before }
    let statement = start..<end + 1
    func refuse(_ why: String, _ remedy: String) -> Mismatch {
      Mismatch(place(tokens[start].start), why, expected: text(offsets(statement)), remedy: remedy)
    }
    guard !isBranch(start) else {
      throw refuse("the assignment is a branch of its own", "replace the whole 'if' with 'text'")
    }
    let isOnly = !(start..<initialiser.tokens.lowerBound).contains {
      tokens[$0].kind == .punctuator && (Operators.binary[text(tokens[$0])] ?? 2) < 2
    }
    guard isOnly, standsAlone(statement) else {
      throw refuse("the statement sets more than this", "replace the whole statement with 'text'")
    }
    return statement
  }
}
