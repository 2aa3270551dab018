import Diagnostics

/// The prototypes of a header that stand in one branch of an `#if CONFIG_…`, with the stubs in the other.
struct StubPairs {
  struct Pair: Hashable {
    var prototype: StubHeader.Declaration
    var stub: StubHeader.Declaration
  }

  private let header: StubHeader
  private let byName: [String: [StubHeader.Declaration]]
  /// The prototypes of each branch, in the order of the file.
  private let prototypes: [StubHeader.Branch: [StubHeader.Declaration]]
  /// By the function's name.
  private(set) var stubs: [String: Pair] = [:]
  /// Prototypes in a branch with an `#else`, which the file declares nowhere else.
  private(set) var lonely: [StubHeader.Declaration] = []

  init(_ header: StubHeader) {
    self.header = header
    byName = Dictionary(grouping: header.declarations, by: \.name)
    let branched = header.declarations.filter { $0.kind == .prototype && Self.isBranched($0, header) }
    prototypes = branched.reduce(into: [:]) { groups, declaration in
      if let branch = declaration.branches.last { groups[branch, default: []].append(declaration) }
    }
    for prototype in branched {
      guard let branch = prototype.branches.last else { continue }
      let others = (byName[prototype.name] ?? []).filter { !$0.branches.contains(branch) }
      if others.isEmpty { lonely.append(prototype) }
      let opposite = others.first { other in
        other.kind == .inline && other.branches.dropLast() == prototype.branches.dropLast()
          && other.branches.last?.chain == branch.chain
      }
      if let opposite { stubs[prototype.name] = Pair(prototype: prototype, stub: opposite) }
    }
  }

  /// Whether a declaration stands directly in a branch of an `#if CONFIG_… #else`.
  func isBranched(_ declaration: StubHeader.Declaration) -> Bool { Self.isBranched(declaration, header) }

  private static func isBranched(_ declaration: StubHeader.Declaration, _ header: StubHeader) -> Bool {
    guard let branch = declaration.branches.last else { return false }
    let chain = header.chains[branch.chain]
    return chain.hasElse && chain.arms == 2 && !chain.symbols.isEmpty
  }

  func hasBranchedPrototype(_ name: String) -> Bool {
    byName[name]?.contains { $0.kind == .prototype && isBranched($0) } ?? false
  }

  /// The only declaration of a name in the file; nil for none or several.
  func onlyDeclaration(of name: String) -> StubHeader.Declaration? {
    guard let all = byName[name], all.count == 1 else { return nil }
    return all.first
  }

  /// The condition under which the branch around a declaration is not taken.
  func absence(of declaration: StubHeader.Declaration) -> String {
    declaration.branches.last.map { header.chains[$0.chain].absence(of: $0.arm) } ?? ""
  }

  /// The two neighbours of a prototype when stubs are the rule there: both neighbours and half of the branch have one.
  /// Nil otherwise.
  func expectsStub(_ prototype: StubHeader.Declaration) -> [StubHeader.Declaration]? {
    let neighbours = neighbours(of: prototype)
    guard neighbours.count == 2, neighbours.allSatisfy({ stubs[$0.name] != nil }) else { return nil }
    let others = prototype.branches.last.flatMap { prototypes[$0] }?.filter { $0.name != prototype.name } ?? []
    let stubbed = others.count { stubs[$0.name] != nil }
    return stubbed * 2 >= others.count ? neighbours : nil
  }

  /// The prototypes before and after one in its branch; at an end of the branch, the two nearest.
  private func neighbours(of prototype: StubHeader.Declaration) -> [StubHeader.Declaration] {
    guard let branch = prototype.branches.last, let all = prototypes[branch],
      let index = all.firstIndex(of: prototype)
    else { return [] }
    let others = all.enumerated().filter { $0.element.name != prototype.name }
    let before = others.last { $0.offset < index }?.element
    let after = others.first { $0.offset > index }?.element
    if let before, let after { return [before, after] }
    return before == nil ? others.prefix(2).map(\.element) : others.suffix(2).map(\.element)
  }
}

extension StubPairs.Pair {
  /// How the stub differs from the prototype; nil when it does not.
  ///
  /// A `const` alone is only a warning: most callers compile either way.
  var difference: (severity: Finding.Severity, text: String)? {
    if stub.parameters.count != prototype.parameters.count {
      return (.error, "takes \(Self.count(stub)), the function \(Self.count(prototype))")
    }
    for (index, (ours, theirs)) in zip(stub.parameters, prototype.parameters).enumerated() where ours != theirs {
      let text = "takes '\(ours.text)' as parameter \(index + 1), the function '\(theirs.text)'"
      return (ours.plain == theirs.plain ? .warning : .error, text)
    }
    if stub.type != prototype.type {
      let text = "returns '\(stub.type.text)', the function '\(prototype.type.text)'"
      return (stub.type.plain == prototype.type.plain ? .warning : .error, text)
    }
    return nil
  }

  private static func count(_ declaration: StubHeader.Declaration) -> String {
    declaration.parameters.count.counted("parameter")
  }
}
