public import Diagnostics

/// A definition of an ops table: one place that sets members of a struct of function pointers.
public struct OpsTable: Sendable, Hashable, Codable {
  /// How the table's members are set.
  public enum Via: String, Sendable, Codable {
    /// A designated initialiser in the source.
    case initialiser
    /// The body of a macro, or a macro used inside the initialiser.
    case macro
    /// An assignment in a function.
    case assignment
  }

  /// One member that the table sets.
  public struct Entry: Sendable, Hashable, Codable {
    /// The member's name, without the dot.
    public var member: String
    /// The value as written: a callback's name, `NULL`, `&fmt##_get`.
    public var value: String
    /// The place of the dot, or of the member in an assignment.
    public var place: Place
  }

  /// A macro used where a member could stand: `IOMMU_PT_DOMAIN_OPS(amdv1)`.
  public struct MacroUse: Sendable, Hashable, Codable {
    /// The macro's name: `IOMMU_PT_DOMAIN_OPS`.
    public var name: String
    /// The whole use, arguments included.
    public var text: String
    /// The place of the macro's name.
    public var place: Place
  }

  /// The struct's tag; empty for an assignment to a member, which does not name the struct.
  public var structure: String
  /// The variable, `variable.field` for a compound literal, or the macro or lvalue that holds the table.
  public var name: String
  /// How this definition sets the members.
  public var via: Via
  /// The place of the word `struct`, or of the assigned member.
  public var place: Place
  /// The members set directly, in source order.
  public var entries: [Entry]
  /// The macros used among them, which may set further members.
  public var macros: [MacroUse]
}

/// A call through a member: `ops->iova_to_phys(ops, iova)`.
public struct MemberCall: Sendable, Hashable, Codable {
  /// The member's name.
  public var member: String
  /// The function that makes the call; nil in a macro.
  public var function: String?
  /// The expression before the member: `mock->domain.ops`.
  public var receiver: String
  /// The place of the member's name.
  public var place: Place
}

/// A macro that may set members for the tables that use it, directly or through the macros it uses.
public struct TableMacro: Sendable, Hashable {
  /// The macro's name, without parameters.
  public var name: String
  /// The members that its body sets directly.
  public var entries: [OpsTable.Entry]
  /// Every name that its body calls like a function: candidates for table macros.
  public var uses: Set<String>
}

/// One file's tables, calls and macros that concern a family of ops structs.
public struct OpsInventory: Sendable {
  /// Tables with an initialiser in source order, then assignments to single members.
  public var tables: [OpsTable] = []
  /// The calls through a member of the family, in source order.
  public var calls: [MemberCall] = []
  /// The macros that set such a member or may pass one on.
  public var macros: [TableMacro] = []

  /// An inventory with nothing in it.
  public init() {}
}

extension SourceFile {
  /// Finds the tables of the given structs, the calls through the given members, and the macros that set members.
  public func inventory(structures: Set<String>, members: Set<String>) -> OpsInventory {
    var inventory = OpsInventory()
    let named = structures.flatMap { structure in
      matches(TokenPattern("struct \(structure)"), in: 0..<tokens.count).map { (structure, index: $0.lowerBound) }
    }
    for (structure, index) in named.sorted(by: { $0.index < $1.index }) where index + 2 < tokens.count {
      if let table = table(of: structure, at: index) { inventory.tables.append(table) }
    }
    let accesses = memberAccesses(members)
    inventory.tables += assignedTables(accesses)
    inventory.calls = calls(through: accesses)
    inventory.macros = tableMacros(members)
    return inventory
  }

  /// The table whose type `struct name` starts at `index`: a variable's initialiser or a compound literal.
  ///
  /// - Returns: nil if this use of the type defines no table.
  private func table(of structure: String, at index: Int) -> OpsTable? {
    var open = index + 2
    var name: String?
    let isLiteral = isToken(open, ")")
    if isLiteral {
      open += 1
    } else {
      guard tokens[open].kind == .identifier else { return nil }
      name = text(tokens[open])
      open += 1
      while isToken(open, "[") { open = (closing(open) ?? open) + 1 }
      while open < tokens.count, tokens[open].kind == .identifier { open += 1 }
      guard isToken(open, "=") else { return nil }
      open += 1
    }
    guard isToken(open, "{"), let close = closing(open) else { return nil }
    let (entries, macros) = contents(of: open + 1..<close)
    let holder = isLiteral ? holder(ofLiteralAt: index) : nil
    var via: OpsTable.Via = tokens[index].inDirective ? .macro : .initialiser
    if let holder, holder.isAssignment { via = .assignment }
    return OpsTable(
      structure: structure, name: name ?? holder?.name ?? "", via: via, place: place(tokens[index].start),
      entries: entries, macros: macros)
  }

  private func contents(of range: Range<Int>) -> (entries: [OpsTable.Entry], macros: [OpsTable.MacroUse]) {
    var entries: [OpsTable.Entry] = []
    var macros: [OpsTable.MacroUse] = []
    var index = range.lowerBound
    while index < range.upperBound {
      let end = min(valueEnd(from: index), range.upperBound)
      if isToken(index, "."), isToken(index + 2, "=") {
        entries.append(
          .init(
            member: text(tokens[index + 1]), value: text(offsets(index + 3..<max(end, index + 4))),
            place: place(tokens[index].start)))
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

  /// Tables set by `ops->member = callback;` in a function.
  private func assignedTables(_ accesses: [Int]) -> [OpsTable] {
    accesses.compactMap { access in
      guard isToken(access + 1, "="), !isInitialiser(access - 1) else { return nil }
      let entry = OpsTable.Entry(
        member: text(tokens[access]), value: text(offsets(access + 2..<max(valueEnd(from: access + 2), access + 3))),
        place: place(tokens[access].start))
      return OpsTable(
        structure: "", name: receiver(of: access), via: .assignment, place: entry.place, entries: [entry], macros: [])
    }
  }

  private func calls(through accesses: [Int]) -> [MemberCall] {
    let accesses = accesses.filter { isToken($0 + 1, "(") && !isInitialiser($0 - 1) }
    guard !accesses.isEmpty else { return [] }
    let functions = functions()
    return accesses.map { access in
      MemberCall(
        member: text(tokens[access]), function: functions.first { $0.body.contains(access) }?.name,
        receiver: receiver(of: access), place: place(tokens[access].start))
    }
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

  private func receiver(of access: Int) -> String {
    var start = access - 1
    while start > 0 {
      if tokens[start - 1].kind == .identifier || isToken(start - 1, "->") || isToken(start - 1, ".") {
        // In `return ops->x`, the keyword is not part of the receiver.
        if isToken(start - 1, "return") { break }
        start -= 1
      } else if isToken(start - 1, ")") || isToken(start - 1, "]") {
        guard let open = opening(start - 1), isBracket(open) else { break }
        start = open
      } else {
        break
      }
    }
    return text(offsets(start..<access - 1)).collapsingSpace
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
