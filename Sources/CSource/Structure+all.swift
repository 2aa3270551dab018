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
