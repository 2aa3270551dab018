import Diagnostics

/// Code that sets a member: a designated initialiser, `.member = value`, or an assignment, `table->member = value;`.
public struct Initialiser: Sendable {
  /// The member's name, without the dot.
  public var member: String
  /// The value as written.
  public var value: String
  /// From the dot or arrow to the last token of the value; the comma or semicolon is not part of it.
  var tokens: Range<Int>
}

extension SourceFile {
  /// Every `.member = value` in the file, in macros too.
  func initialisers(of member: String) -> [Initialiser] {
    matches(TokenPattern(".\(member) ="), in: 0..<tokens.count).compactMap { match in
      let dot = match.lowerBound
      // `x.member = value;` is an assignment: its dot follows a name, `)` or `]`. In a macro, the dot may follow the
      // parameters' closing parenthesis.
      if dot > 0, !tokens[dot].inDirective, !isToken(dot - 1, "{"), !isToken(dot - 1, ",") { return nil }
      let value = match.upperBound..<valueEnd(from: match.upperBound)
      guard !value.isEmpty else { return nil }
      return Initialiser(member: member, value: text(offsets(value)), tokens: dot..<value.upperBound)
    }
  }

  /// The token after the value that starts at `index`: the comma or the closing brace.
  func valueEnd(from start: Int) -> Int {
    var index = start
    // No value in real C has more parts.
    var steps = 0
    while index < tokens.count, steps < 256, tokens[index].inDirective == tokens[start].inDirective {
      if isToken(index, ",") || isToken(index, "}") || isToken(index, ";") || isToken(index, "\\") { break }
      // A new directive, or the end of this one, ends a macro's value too.
      if index > start, tokens[index].inDirective, isToken(index, "#"), !sameDirective(start, index) { break }
      if isToken(index, "(") || isToken(index, "{") || isToken(index, "[") {
        guard let close = closing(index) else { break }
        index = close
      }
      index += 1
      steps += 1
    }
    return index
  }

  private func sameDirective(_ a: Int, _ b: Int) -> Bool {
    directives.contains { $0.tokens.contains(a) && $0.tokens.contains(b) }
  }

  /// Every `table.member = value;` and `table->member = value;` in the file.
  func assignments(of member: String) -> [Initialiser] {
    [".", "->"].flatMap { matches(TokenPattern("\($0)\(member) ="), in: 0..<tokens.count) }.compactMap { match in
      let value = match.upperBound..<valueEnd(from: match.upperBound)
      guard !value.isEmpty, isToken(value.upperBound, ";") else { return nil }
      return Initialiser(member: member, value: text(offsets(value)), tokens: match.lowerBound..<value.upperBound)
    }
  }

  /// The only place in the file that sets a member to a value.
  public func initialiser(_ member: String, value: String) throws(Mismatch) -> Initialiser {
    try Names.require(member, "member", in: self)
    try Names.requireValue(value, "a value", in: self)
    let all = initialisers(of: member) + assignments(of: member)
    let wanted = TokenPattern(value)
    let found = all.filter { TokenPattern($0.value).isSame(as: wanted) }
    if let only = found.first, found.count == 1 { return only }
    if found.count > 1 {
      throw Mismatch(place(tokens[found[1].tokens.lowerBound].start), "sets .\(member) = \(value) more than once")
    }
    let other = all.first
    throw Mismatch(
      other.map { place(tokens[$0.tokens.lowerBound].start) } ?? Place(path),
      "does not set .\(member) = \(value)", expected: ".\(member) = \(value)",
      found: other.map { ".\(member) = \($0.value)" })
  }

  /// The text of an initialiser whose `=` is aligned with the one in `neighbour`, or follows one space if the member's
  /// name is too long, as is usual in the kernel's tables.
  func aligned(member: String, value: String, like neighbour: Initialiser) -> String {
    let dot = tokens[neighbour.tokens.lowerBound].end - 1
    let equals = tokens[neighbour.tokens.lowerBound + 2].start
    let nameEnd = tokens[neighbour.tokens.lowerBound + 1].end
    let nameColumn = column(dot) + 1 + member.utf8.count
    let target = column(equals)
    let gap: String
    if bytes[nameEnd..<equals].contains(.tab), nameColumn < target {
      gap = String(decoding: CodeLayout.tabs(from: nameColumn, to: target), as: UTF8.self)
    } else if nameColumn < target, target - column(nameEnd) > 1, !bytes[nameEnd..<equals].contains(.tab) {
      gap = String(repeating: " ", count: target - nameColumn)
    } else {
      gap = " "
    }
    return "\(text(tokens[neighbour.tokens.lowerBound]))\(member)\(gap)= \(value)"
  }
}
