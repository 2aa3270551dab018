import Diagnostics

extension SourceFile {
  /// Finds the tables of the given structs, the calls through the given members, and the macros that set members.
  ///
  /// - Parameter types: tells to which struct a member belongs. Without them, assignments and calls are found by the
  ///   member's name alone, and tables only where a declaration or a cast names the struct.
  public func inventory(structures: Set<String>, members: Set<String>, types: Types? = nil) -> OpsInventory {
    var inventory = OpsInventory()
    let resolver = types.map { TypeResolver(self, $0) }
    let named = structures.flatMap { structure in
      matches(TokenPattern("struct \(structure)"), in: 0..<tokens.count).map { (structure, index: $0.lowerBound) }
    }
    var known: Set<Int> = []
    for (structure, index) in named.sorted(by: { $0.index < $1.index }) where index + 2 < tokens.count {
      for (open, table) in tables(of: structure, at: index, resolver) {
        known.insert(open)
        inventory.tables.append(table)
      }
    }
    inventory.macros = tableMacros(members)
    let accesses = memberAccesses(members)
    let functions = accesses.isEmpty ? [] : functions()
    let usedMacros = Set(inventory.tables.flatMap { $0.macros.map(\.name) })
    var elements = ElementCount()
    var assigned: [OpsTable] = []
    for access in accesses {
      // `.chip` in `.chip.set = f`
      let path = designators(before: access - 1)..<access - 1
      let isInitialiser = isInitialiser(access - 1) || !path.isEmpty && startsEntry(path.lowerBound)
      guard isInitialiser ? resolver != nil : isToken(access + 1, "=") || isToken(access + 1, "(") else { continue }
      var structure: String?
      switch resolver?.owner(of: access, isInitialiser: isInitialiser, receiver: receiverTokens) {
      case .structure(let tag)? where structures.contains(tag): structure = tag
      case .unknown?:
        let isCall = !isInitialiser && isToken(access + 1, "(")
        let start = isInitialiser ? access - 1 : receiverTokens(access).lowerBound
        let end = isInitialiser ? valueEnd(from: access + 2) : access + 1
        inventory.undecided.append(
          UndecidedUse(
            member: text(tokens[access]), function: function(around: access, functions)?.name,
            text: text(offsets(start..<max(end, access + 1))).collapsingSpace,
            call: isCall ? call(access, nil, functions) : nil, place: place(tokens[access].start)))
        continue
      case .structure?, .user?: continue
      case nil: break
      }
      if isInitialiser {
        // The table of which a macro is an entry, or all of an element, is named already.
        if let macro = macroBody(around: access)?.name, usedMacros.contains(macro) { continue }
        guard let resolver, let open = resolver.enclosing[access], let structure else { continue }
        let name = label(ofBracesAt: open, resolver, &elements)
        if !path.isEmpty {
          inventory.tables.append(
            memberTable(access, structure, name + text(offsets(path)), tokens[open].inDirective ? .macro : .initialiser)
          )
        } else if known.insert(open).inserted, let table = table(of: structure, bracesAt: open, named: name) {
          inventory.tables.append(table)
        }
      } else if isToken(access + 1, "=") {
        assigned.append(memberTable(access, structure ?? "", receiver(of: access), .assignment))
      } else {
        inventory.calls.append(call(access, structure, functions))
      }
    }
    inventory.tables += assigned
    return inventory
  }

  private func call(_ access: Int, _ structure: String?, _ functions: [Function]) -> MemberCall {
    MemberCall(
      member: text(tokens[access]), function: function(around: access, functions)?.name,
      receiver: receiver(of: access), structure: structure, place: place(tokens[access].start))
  }

  /// The function, of some in the file's order, whose body has a token.
  private func function(around index: Int, _ functions: [Function]) -> Function? {
    var (low, high) = (0, functions.count)
    while low < high {
      let middle = (low + high) / 2
      if functions[middle].body.upperBound <= index { low = middle + 1 } else { high = middle }
    }
    return low < functions.count && functions[low].body.contains(index) ? functions[low] : nil
  }

  /// The table whose braces open at a token; nil if they do not end.
  private func table(of structure: String, bracesAt open: Int, named name: String) -> OpsTable? {
    guard let close = closing(open) else { return nil }
    let (entries, macros) = contents(of: open + 1..<close)
    return OpsTable(
      structure: structure, name: name, via: tokens[open].inDirective ? .macro : .initialiser,
      place: place(tokens[open].start), entries: entries, macros: macros)
  }

  /// The name of the table whose braces open at a token: `chips[2].chip`.
  private func label(ofBracesAt open: Int, _ resolver: TypeResolver, _ elements: inout ElementCount) -> String {
    var (open, label) = (open, "")
    for _ in 0..<Grammar.mostDepth {
      guard let before = previous(open) else { break }
      if isToken(before, "=") {
        let start = designators(before: before)
        guard start < before, startsEntry(start) else { break }
        label = text(offsets(start..<before)).collapsingSpace + label
      } else if isToken(before, "{") || isToken(before, ","), let parent = resolver.enclosing[open] {
        label = "[\(elements.before(open, in: parent, of: self))]" + label
      } else {
        break
      }
      guard let parent = resolver.enclosing[open], isToken(parent, "{") else { break }
      open = parent
    }
    if let macro = macroBody(around: open) { return macro.name + label }
    guard isToken(open - 1, "=") else { return label }
    var name = open - 2
    while name > 0, isToken(name, "]") || isToken(name, ")") || text(tokens[name]).hasPrefix("__") {
      name = (opening(name) ?? name) - 1
    }
    return (name >= 0 ? text(tokens[name]) : "") + label
  }

  /// Counts elements of arrays, each of which is asked for in the file's order.
  private struct ElementCount {
    private var known: [Int: (index: Int, commas: Int)] = [:]

    mutating func before(_ element: Int, in parent: Int, of file: SourceFile) -> Int {
      var (index, commas) = known[parent] ?? (parent + 1, 0)
      while index < element {
        if file.isToken(index, "(") || file.isToken(index, "[") || file.isToken(index, "{") {
          index = file.closing(index) ?? index
        } else if file.isToken(index, ",") {
          commas += 1
        }
        index += 1
      }
      known[parent] = (index, commas)
      return commas
    }
  }

  /// The tables whose type `struct name` starts at `index`: a variable's initialiser, each element of an array's, or a
  /// compound literal; with the brace at which each opens.
  private func tables(of structure: String, at index: Int, _ resolver: TypeResolver?) -> [(Int, OpsTable)] {
    var open = index + 2
    var name: String?
    var isArray = false
    let isLiteral = isToken(open, ")")
    if isLiteral {
      open += 1
    } else {
      guard tokens[open].kind == .identifier else { return [] }
      name = text(tokens[open])
      open += 1
      while isToken(open, "[") {
        isArray = true
        open = (closing(open) ?? open) + 1
      }
      while open < tokens.count, tokens[open].kind == .identifier { open += 1 }
      guard isToken(open, "=") else { return [] }
      open += 1
    }
    guard isToken(open, "{"), let close = closing(open) else { return [] }
    let holder = isLiteral ? holder(ofLiteralAt: index) : nil
    var via: OpsTable.Via = tokens[index].inDirective ? .macro : .initialiser
    if let holder, holder.isAssignment { via = .assignment }
    let members = resolver.flatMap { $0.types.members(of: .tag(structure), seenFrom: $0.index)?.members.map(\.name) }
    func table(_ name: String, _ place: Place, _ braces: Range<Int>) -> OpsTable {
      let (entries, macros) = contents(of: braces, members)
      return OpsTable(structure: structure, name: name, via: via, place: place, entries: entries, macros: macros)
    }
    let whole = table(name ?? holder?.name ?? "", place(tokens[index].start), open + 1..<close)
    guard isArray else { return [(open, whole)] }
    let elements = elements(open + 1..<close).enumerated().compactMap { number, element -> (Int, OpsTable)? in
      guard let brace = element.first(where: { isToken($0, "{") }), let end = closing(brace) else { return nil }
      let isDesignated = isToken(element.lowerBound, "[")
      let position = isDesignated ? text(offsets(element.lowerBound..<brace - 1)).collapsingSpace : "[\(number)]"
      return (brace, table(whole.name + position, place(tokens[brace].start), brace + 1..<end))
    }
    return elements.isEmpty ? [(open, whole)] : elements
  }

  /// The entries between braces, without their commas.
  private func elements(_ range: Range<Int>) -> [Range<Int>] {
    arguments(range).filter { !$0.isEmpty }
  }

  /// - Parameter members: the names of the struct's members in their order, for entries that do not name theirs.
  private func contents(of range: Range<Int>, _ members: [String]? = nil) -> (
    entries: [OpsTable.Entry], macros: [OpsTable.MacroUse]
  ) {
    var entries: [OpsTable.Entry] = []
    var macros: [OpsTable.MacroUse] = []
    var index = range.lowerBound
    var number = 0
    while index < range.upperBound {
      defer { number += 1 }
      let end = min(valueEnd(from: index), range.upperBound)
      if isToken(index, "."), isToken(index + 2, "=") {
        entries.append(
          .init(
            member: text(tokens[index + 1]), value: text(offsets(index + 3..<max(end, index + 4))),
            place: place(tokens[index].start)))
      } else if let members, members.indices.contains(number), macros.isEmpty, entries.count == number,
        end == index + 1 && !isMacro(text(tokens[index])) || isToken(index, "&")
      {
        entries.append(
          .init(member: members[number], value: text(offsets(index..<end)), place: place(tokens[index].start)))
      } else if tokens[index].kind == .identifier {
        macros.append(
          .init(
            name: text(tokens[index]), text: text(offsets(index..<max(end, index + 1))),
            place: place(tokens[index].start)))
      }
      index = max(end, index) + 1
    }
    return (entries, macros)
  }

  /// The variable, field or lvalue that a compound literal initialises or is assigned to.
  private func holder(ofLiteralAt index: Int) -> (name: String, isAssignment: Bool)? {
    // The literal may be written `&(const struct …)`.
    var equals = index - 1
    while equals > 0, isToken(equals, "(") || isToken(equals, "const") || isToken(equals, "&") { equals -= 1 }
    guard isToken(equals, "=") else { return nil }
    var start = equals
    while start > 0, tokens[start - 1].kind == .identifier || isToken(start - 1, ".") || isToken(start - 1, "->") {
      start -= 1
    }
    guard start < equals else { return nil }
    let lvalue = text(offsets(start..<equals)).collapsingSpace
    if lvalue.hasPrefix(".") {
      return ((enclosingName(start) ?? "") + lvalue, false)
    }
    return (lvalue, true)
  }

  /// The variable or macro whose initialiser contains a token.
  private func enclosingName(_ index: Int) -> String? {
    if tokens[index].inDirective {
      return directives.first { $0.tokens.contains(index) }.flatMap(macroName)
    }
    var depth = 0
    var outermost: Int?
    var position = index
    while position > 0 {
      position -= 1
      if tokens[position].inDirective { continue }
      if isToken(position, "}") { depth += 1 }
      if isToken(position, "{") {
        if depth == 0 { outermost = position } else { depth -= 1 }
      }
      if isToken(position, ";") && depth == 0 { break }
    }
    guard var equals = outermost.map({ $0 - 1 }), isToken(equals, "=") else { return nil }
    while equals > 0, tokens[equals].kind != .identifier { equals -= 1 }
    return text(tokens[equals])
  }

  /// The table of which only one member is set here: `ops->member = callback;`, or `.ops.member = callback`.
  private func memberTable(_ access: Int, _ structure: String, _ name: String, _ via: OpsTable.Via) -> OpsTable {
    let entry = OpsTable.Entry(
      member: text(tokens[access]), value: text(offsets(access + 2..<max(valueEnd(from: access + 2), access + 3))),
      place: place(tokens[access].start))
    return OpsTable(structure: structure, name: name, via: via, place: entry.place, entries: [entry], macros: [])
  }

  /// The tokens that name a member after `->` or `.`.
  private func memberAccesses(_ members: Set<String>) -> [Int] {
    members.flatMap { matches(TokenPattern($0), in: 0..<tokens.count) }.map(\.lowerBound).filter { index in
      isToken(index - 1, "->") || isToken(index - 1, ".")
    }.sorted()
  }

  private func isInitialiser(_ dot: Int) -> Bool {
    isToken(dot, ".")
      && (dot == 0 || tokens[dot - 1].inDirective != tokens[dot].inDirective
        || isToken(dot - 1, "{") || isToken(dot - 1, ",") || isToken(dot + 2, "=") && tokens[dot].inDirective)
  }

  /// Whether a word is written as macros are.
  private func isMacro(_ word: String) -> Bool { word != "NULL" && word == word.uppercased() && Int(word) == nil }

  private func receiver(of access: Int) -> String { text(offsets(receiverTokens(access))).collapsingSpace }

  private func receiverTokens(_ access: Int) -> Range<Int> {
    var start = access - 1
    while start > 0 {
      if tokens[start].kind != .punctuator {
        // In `if (x) ops->y`, the condition is no part of the receiver.
        guard isToken(start - 1, "->") || isToken(start - 1, ".") else { break }
        start -= 1
      } else if tokens[start - 1].kind == .identifier {
        // Nor is the keyword in `return (x)->y`.
        if Keywords.statements.contains(text(tokens[start - 1])) { break }
        start -= 1
      } else if isToken(start - 1, ")") || isToken(start - 1, "]") {
        guard let open = opening(start - 1), isBracket(open) else { break }
        start = open
      } else {
        break
      }
    }
    return start..<access - 1
  }

  private func isBracket(_ index: Int) -> Bool {
    isToken(index, "(") || isToken(index, "[")
  }

  /// Macros whose body sets members but defines no table, and macros that may use such macros.
  private func tableMacros(_ members: Set<String>) -> [TableMacro] {
    let patterns = members.sorted().map { ($0, TokenPattern(".\($0) =")) }
    return directives.compactMap { directive in
      guard let name = macroName(directive) else { return nil }
      let body = directive.tokens.dropFirst(3)
      if body.contains(where: { isToken($0, "struct") }) { return nil }
      let entries = patterns.flatMap { member, pattern in
        matches(pattern, in: directive.tokens).map { match in
          OpsTable.Entry(
            member: member, value: text(offsets(match.upperBound..<valueEnd(from: match.upperBound))),
            place: place(tokens[match.lowerBound].start))
        }
      }
      let uses = body.filter { tokens[$0].kind == .identifier && isToken($0 + 1, "(") }.map { text(tokens[$0]) }
      return entries.isEmpty && uses.isEmpty ? nil : TableMacro(name: name, entries: entries, uses: Set(uses))
    }
  }
}
