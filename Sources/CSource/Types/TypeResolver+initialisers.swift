extension TypeResolver {
  /// The type of what the braces that open at a token initialise; nil if it is not known.
  ///
  /// - Parameter depth: how many braces and macros led here: nobody nests deeper by hand than `Grammar.mostDepth`.
  func type(ofBracesAt open: Int, depth: Int = 0) -> SeenType? {
    guard depth < Grammar.mostDepth else { return nil }
    if let macro = file.macroBody(around: open), macro.body.lowerBound == open {
      return uses(of: macro.name).lazy.compactMap { self.type(ofValueAt: $0, depth: depth + 1) }.first
    }
    return type(ofValueAt: open, depth: depth)
  }

  /// The type of what a value initialises: its cast's, that of the left side of its `=`, or that of its position.
  private func type(ofValueAt start: Int, depth: Int) -> SeenType? {
    guard let before = file.previous(start) else { return nil }
    if file.isToken(before, ")"), let open = file.opening(before) {
      return file.typeName(in: open + 1..<before).map { SeenType(type: $0, home: index) }
    }
    if file.isToken(before, "=") { return type(ofLeftSide: before, depth: depth) }
    guard let parent = enclosing[start], file.isToken(parent, "{"),
      let owner = type(ofBracesAt: parent, depth: depth + 1)
    else { return nil }
    if owner.type.arrays > 0 { return SeenType(type: owner.type.pointee, home: owner.home) }
    return position(of: start, in: parent).flatMap { member(at: $0, of: owner) }
  }

  /// The type of what stands before an `=`: `.member`, `[index]`, or a variable that is declared.
  private func type(ofLeftSide equals: Int, depth: Int) -> SeenType? {
    let macro = file.macroBody(around: equals)
    let first = file.designators(before: equals)
    if first < equals, file.startsEntry(first) {
      if let parent = enclosing[first] {
        return type(ofBracesAt: parent, depth: depth + 1).flatMap { path(first..<equals, from: $0) }
      }
      let owners = (macro.map { uses(of: $0.name) } ?? []).lazy.compactMap { self.enclosing[$0] }
      return owners.compactMap { self.type(ofBracesAt: $0, depth: depth + 1) }.first
        .flatMap { path(first..<equals, from: $0) }
    }
    var start = equals
    while start > macro?.body.lowerBound ?? 0, !file.isToken(start - 1, ";"), !file.isToken(start - 1, "{"),
      file.tokens[start - 1].inDirective == file.tokens[equals].inDirective
    {
      if file.isToken(start - 1, ")") || file.isToken(start - 1, "]") {
        start = file.opening(start - 1) ?? start - 1
      } else if file.isToken(start - 1, "}") {
        // In `struct { … } x =`, the body is a part of the declaration.
        guard let open = file.opening(start - 1), file.opensStructure(open) else { break }
        start = open
      } else {
        start -= 1
      }
    }
    return file.declared(in: start..<equals).first.map { SeenType(type: $0.type, home: index) }
  }

  /// The type of what `.a.b` in front of a member's name stands for: that of the braces, or of a member in it.
  func type(ofDesignators designators: Range<Int>) -> SeenType? {
    guard let open = enclosing[designators.lowerBound], file.isToken(open, "{") else { return nil }
    return type(ofBracesAt: open).flatMap { path(designators, from: $0) }
  }

  private func path(_ designators: Range<Int>, from start: SeenType) -> SeenType? {
    var seen = start
    var position = designators.lowerBound
    while position < designators.upperBound {
      if file.isToken(position, "["), let close = file.closing(position) {
        seen.type = seen.type.pointee
        position = close + 1
      } else if file.isToken(position, "."), let next = member(file.text(file.tokens[position + 1]), of: seen) {
        seen = next
        position += 2
      } else {
        return nil
      }
    }
    return seen
  }

  /// The number of an entry among its struct's members; nil if a designator stands before it.
  private func position(of entry: Int, in parent: Int) -> Int? {
    var (index, commas) = (parent + 1, 0)
    // No struct has more members that are named by their position.
    while index < entry, commas < 64 {
      if file.isToken(index, "."), file.isToken(index - 1, ",") || file.isToken(index - 1, "{") { return nil }
      if file.isToken(index, "(") || file.isToken(index, "[") || file.isToken(index, "{") {
        index = file.closing(index) ?? index
      } else if file.isToken(index, ",") {
        commas += 1
      }
      index += 1
    }
    return index >= entry ? commas : nil
  }

  private func member(at position: Int, of seen: SeenType) -> SeenType? {
    guard let (members, home) = members(of: seen), members.indices.contains(position) else { return nil }
    return SeenType(type: members[position].type, home: home)
  }

  /// Where the file uses a macro of its own outside directives.
  private func uses(of macro: String) -> [Int] { index.macroUses[macro] ?? [] }
}

extension SourceFile {
  /// Whether a token is the first one of an entry: after a brace or a comma, or at the start of a macro.
  func startsEntry(_ index: Int) -> Bool {
    if macroBody(around: index)?.body.lowerBound == index { return true }
    return previous(index).map { isToken($0, "{") || isToken($0, ",") } ?? false
  }

  /// Whether the body of a struct or a union opens at a token.
  func opensStructure(_ open: Int) -> Bool {
    var index = open - 1
    while index > 0, tokens[index].kind == .identifier, text(tokens[index]).hasPrefix("__") { index -= 1 }
    return isToken(index, "struct") || isToken(index, "union") || isToken(index - 1, "struct")
      || isToken(index - 1, "union")
  }

  /// Where `.member` or `[index]`, or several of them, start before an `=` or a `.`.
  func designators(before end: Int) -> Int {
    var start = end
    while start > 0 {
      if isToken(start - 1, "]"), let open = opening(start - 1) {
        start = open
      } else if start > 1, isToken(start - 2, "."), tokens[start - 1].kind == .identifier {
        start -= 2
      } else {
        break
      }
    }
    return start
  }

  /// The name and the body of the macro in whose body a token is.
  func macroBody(around index: Int) -> (name: String, body: Range<Int>)? {
    guard tokens[index].inDirective, let directive = directive(around: index), let name = macroName(directive) else {
      return nil
    }
    var start = directive.tokens.lowerBound + 3
    // Parameters follow the name without white space.
    if isToken(start, "("), tokens[start - 1].end == tokens[start].start, let close = closing(start) {
      start = close + 1
    }
    let body = start..<max(start, directive.tokens.upperBound)
    return body.contains(index) ? (name, body) : nil
  }

  /// The directive that a token is part of.
  private func directive(around index: Int) -> Directive? {
    var (low, high) = (0, directives.count)
    while low < high {
      let middle = (low + high) / 2
      if directives[middle].tokens.upperBound <= index { low = middle + 1 } else { high = middle }
    }
    return low < directives.count && directives[low].tokens.contains(index) ? directives[low] : nil
  }
}
