import Diagnostics

/// A struct's definition, located in a source file.
public struct Structure: Sendable {
  /// The struct's tag.
  public var name: String
  /// The tokens between the braces.
  var body: Range<Int>
}

/// A member of a struct: its declaration up to and including the semicolon.
public struct Member: Sendable {
  /// The declared name: for a function pointer, the name in `(*name)`.
  public var name: String
  var tokens: Range<Int>
}

extension SourceFile {
  /// The file's only definition of `struct name`.
  public func structure(_ name: String) throws(Mismatch) -> Structure {
    let found = matches(TokenPattern("struct \(name) {"), in: 0..<tokens.count)
    guard let match = found.first, found.count == 1, let close = closing(match.upperBound - 1) else {
      throw Mismatch(
        Place(path), found.count > 1 ? "defines struct \(name) several times" : "has no definition of struct \(name)")
    }
    return Structure(name: name, body: match.upperBound..<close)
  }

  /// The member of a struct called `name`.
  public func member(_ name: String, of structure: Structure) throws(Mismatch) -> Member {
    guard let member = members(of: structure).first(where: { $0.name == name }) else {
      let start = tokens[max(0, structure.body.lowerBound - 1)].start
      throw Mismatch(place(start), "struct \(structure.name) has no member '\(name)'")
    }
    let names = arguments(member.tokens)
    guard names.count == 1 else {
      throw Mismatch(
        place(tokens[member.tokens.lowerBound].start), "one declaration has '\(name)' and other members",
        expected: text(offsets(member.tokens)), remedy: "replace the declaration with 'text'")
    }
    return member
  }

  /// A struct's members in source order; a nested struct or union counts as one member.
  public func members(of structure: Structure) -> [Member] {
    var members: [Member] = []
    var start = structure.body.lowerBound
    var index = start
    while index < structure.body.upperBound {
      if isToken(index, "(") || isToken(index, "{") || isToken(index, "[") {
        index = closing(index) ?? index
      } else if isToken(index, ";") {
        // An `#if` before a member is no part of it.
        while start < index, tokens[start].inDirective { start += 1 }
        if let name = memberName(start..<index) { members.append(Member(name: name, tokens: start..<index + 1)) }
        start = index + 1
      }
      index += 1
    }
    return members
  }

  /// The name that a member's declaration declares: that in `(*name)(…)`, or the last identifier before `[`, `:` or the
  /// end.
  private func memberName(_ declaration: Range<Int>) -> String? {
    for index in declaration where isToken(index, "(") && isToken(index + 1, "*") {
      if index + 2 < declaration.upperBound, tokens[index + 2].kind == .identifier { return text(tokens[index + 2]) }
    }
    let end = declaration.first { isToken($0, "[") || isToken($0, ":") } ?? declaration.upperBound
    return (declaration.lowerBound..<end).last { tokens[$0].kind == .identifier }.map { text(tokens[$0]) }
  }
}

extension SourceFile {
  /// The names of the function pointers in each struct that the file defines, by the struct's tag.
  public func callbacks() -> [String: Set<String>] {
    var found: [String: Set<String>] = [:]
    for index in tokens.indices where isToken(index, "struct") && isToken(index + 2, "{") {
      guard tokens[index + 1].kind == .identifier, let close = closing(index + 2) else { continue }
      let structure = Structure(name: text(tokens[index + 1]), body: index + 3..<close)
      found[structure.name, default: []].formUnion(callbacks(of: structure))
    }
    return found
  }

  private func callbacks(of structure: Structure) -> [String] {
    members(of: structure).filter { member in
      member.tokens.contains { isToken($0, "(") && isToken($0 + 1, "*") }
    }.map(\.name)
  }

  /// The structs that variables, parameters and members are declared to point to, by the declared name.
  public func pointers(to structures: Set<String>) -> [String: Set<String>] {
    var found: [String: Set<String>] = [:]
    for index in tokens.indices where isToken(index, "struct") && isToken(index + 2, "*") {
      let structure = text(tokens[index + 1])
      guard structures.contains(structure), index + 3 < tokens.count, tokens[index + 3].kind == .identifier else {
        continue
      }
      found[text(tokens[index + 3]), default: []].insert(structure)
    }
    return found
  }

  /// Whether a function reads `receiver->member` without calling it, as in `if (domain->ops->iova_to_phys_length)`.
  public func tests(_ member: String, of receiver: String, in function: String) -> Bool {
    guard let body = try? self.function(function).body else { return false }
    return matches(TokenPattern("\(receiver)->\(member)"), in: body).contains { !isToken($0.upperBound, "(") }
  }
}
