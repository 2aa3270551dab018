/// Looks up what the files of a tree declare: in a file itself, then in what it includes, the nearest first.
///
/// It reads files on demand and keeps them. A header that is found only through a Makefile's flags is not found.
public final class Types {
  private let contents: (String) -> [UInt8]?
  private var indexes: [String: DeclarationIndex?] = [:]
  private var members: [Body: [Declared]] = [:]
  private var answers: [Question: DeclarationIndex?] = [:]

  private struct Body: Hashable {
    var path: String
    var open: Int
  }

  private struct Question: Hashable {
    var path: String
    var sort: String
    var name: String
  }

  /// - Parameter contents: the bytes of a file of the tree; nil if it has none.
  public init(contents: @escaping (String) -> [UInt8]?) { self.contents = contents }

  /// Makes a file that has been read already known, in place of the tree's.
  func index(of file: SourceFile) -> DeclarationIndex {
    if let known = indexes[file.path] ?? nil, known.file.bytes == file.bytes { return known }
    let index = DeclarationIndex(file)
    indexes[file.path] = index
    return index
  }

  /// Takes a file to have other contents from now on; nil stands for none.
  public func update(_ path: String, _ file: SourceFile?) {
    // What has not been read has answered nothing.
    guard let known = indexes[path], known?.file.bytes != file?.bytes else { return }
    indexes[path] = .some(file.map(DeclarationIndex.init))
    members = members.filter { $0.key.path != path }
    answers = [:]
  }

  func index(_ path: String) -> DeclarationIndex? {
    if let known = indexes[path] { return known }
    let index = contents(path).map { DeclarationIndex(SourceFile(path: path, bytes: $0)) }
    indexes[path] = .some(index)
    return index
  }

  /// The nearest file, from `start` over what is included, for which `holds`.
  private func nearest(
    to start: DeclarationIndex, _ sort: String, _ name: String, where holds: (DeclarationIndex) -> Bool
  ) -> DeclarationIndex? {
    let question = Question(path: start.file.path, sort: sort, name: name)
    if let known = answers[question] { return known }
    var queue = [start]
    var seen: Set<String> = [start.file.path]
    var next = 0
    var found: DeclarationIndex?
    while next < queue.count {
      let index = queue[next]
      next += 1
      if holds(index) {
        found = index
        break
      }
      for include in index.includes {
        for path in Self.candidates(include, from: index.file.path) {
          if seen.contains(path) { break }
          guard let other = self.index(path) else { continue }
          seen.insert(path)
          queue.append(other)
          break
        }
      }
    }
    answers[question] = .some(found)
    return found
  }

  /// Where an included file may be.
  private static func candidates(_ include: (name: String, isQuoted: Bool), from path: String) -> [String] {
    var folder = path.split(separator: "/").dropLast()
    var found: [String] = []
    if include.isQuoted {
      var parts = include.name.split(separator: "/").filter { $0 != "." }[...]
      while parts.first == "..", !folder.isEmpty {
        parts.removeFirst()
        folder.removeLast()
      }
      let name = parts.joined(separator: "/")
      for depth in 0..<min(3, folder.count + 1) {
        let base = folder.dropLast(depth).map { $0 + "/" }.joined()
        found += [base + name, base + "include/" + name]
      }
    }
    let parts = path.split(separator: "/")
    if parts.count > 2, parts[0] == "arch" {
      found += ["", "uapi/"].map { "arch/\(parts[1])/include/\($0)\(include.name)" }
    }
    return found + ["include/" + include.name, "include/uapi/" + include.name]
  }

  func typedef(_ name: String, seenFrom index: DeclarationIndex) -> (CType, DeclarationIndex)? {
    let found = nearest(to: index, "typedef", name) { $0.typedefs[name] != nil }
    return found.flatMap { found in found.typedefs[name].map { ($0, found) } }
  }

  func function(_ name: String, seenFrom index: DeclarationIndex) -> (CType, DeclarationIndex)? {
    let found = nearest(to: index, "function", name) { $0.functions[name] != nil }
    return found.flatMap { found in found.functions[name].map { ($0, found) } }
  }

  func variable(_ name: String, seenFrom index: DeclarationIndex) -> (CType, DeclarationIndex)? {
    let found = nearest(to: index, "variable", name) { $0.variables[name] != nil }
    return found.flatMap { found in found.variables[name].map { ($0, found) } }
  }

  func macro(_ name: String, seenFrom index: DeclarationIndex) -> (Directive, DeclarationIndex)? {
    let found = nearest(to: index, "macro", name) { $0.macros[name] != nil }
    return found.flatMap { found in found.macros[name].map { ($0, found) } }
  }

  /// The members of a struct or a union, those of its anonymous parts among them; nil if its body is not found.
  func members(of base: CType.Base, seenFrom index: DeclarationIndex) -> (members: [Declared], home: DeclarationIndex)?
  {
    switch base {
    case .other: return nil
    case .typedef(let name):
      guard let (type, home) = typedef(name, seenFrom: index), type.isValue else { return nil }
      return type.base == base ? nil : members(of: type.base, seenFrom: home)
    case .tag(let tag):
      guard let home = nearest(to: index, "struct", tag, where: { $0.structures[tag] != nil }),
        let open = home.structures[tag]
      else { return nil }
      return (members(home, open, depth: 0), home)
    case .body(let path, let open):
      guard let home = self.index(path) else { return nil }
      return (members(home, open, depth: 0), home)
    }
  }

  private func members(_ home: DeclarationIndex, _ open: Int, depth: Int) -> [Declared] {
    let key = Body(path: home.file.path, open: open)
    if let known = members[key] { return known }
    let file = home.file
    var found: [Declared] = []
    var index = open + 1
    var start = index
    let close = file.closing(open) ?? open
    while index < close {
      if file.tokens[index].inDirective {
        if index == start { start += 1 }
      } else if file.isToken(index, ";") {
        let declared = file.declared(in: start..<index)
        if declared.isEmpty, let inner = (start..<index).first(where: { file.isToken($0, "{") }),
          depth < Grammar.mostDepth
        {
          found += members(home, inner, depth: depth + 1)
        }
        found += declared
        start = index + 1
      } else if file.isToken(index, "(") || file.isToken(index, "[") || file.isToken(index, "{") {
        index = file.closing(index) ?? index
      }
      index += 1
    }
    members[key] = found
    return found
  }
}
