import Diagnostics
import Kbuild

/// Finds what a reference links against: for a module, an export; for built-in code, a definition.
struct SymbolResolver<World: LinkWorld>: Sendable {
  let world: World
  let changes: LinkChanges
  var known: KnownImports
  let search: SymbolSearch<World>

  init(world: World, changes: LinkChanges, known: KnownImports) {
    self.world = world
    self.changes = changes
    self.known = known
    search = SymbolSearch(world: world, changes: changes)
  }

  /// The same resolver, without knowledge of what the base refers to.
  var withoutKnowledge: Self {
    var copy = self
    copy.known = KnownImports()
    return copy
  }

  enum Resolution: Sendable {
    /// It links. The objects provide it, as far as they have been looked at.
    case linked([LinkedObject])
    /// Nothing provides it; the strings say what is known about the cause.
    case undefined([String])
    /// There are too many places to look at them all.
    case undecided
  }

  func resolve(_ symbol: String, for user: LinkedObject) async throws(Failure) -> Resolution {
    let target = user.target
    if CompilerSymbols.isInstrumentation(symbol) { return .linked([]) }
    if changes.providers(of: symbol).isEmpty,
      known.isCommon(symbol, for: target, importing: imports(of: target).union(user.symbols.importedNamespaces)),
      // modpost rejects an export that is thrown away.
      target.isModule ? true : try await !search.mayBeDiscarded(symbol)
    {
      return .linked([])
    }

    let found = try await search.search(for: symbol, machine: user.symbols) { providers in
      Self.isDefined(symbol, for: target, by: providers) || Self.isExported(symbol, to: target, by: providers)
    }
    if Self.isDefined(symbol, for: target, by: found.providers)
      || Self.isExported(symbol, to: target, by: found.providers)
    {
      return .linked(found.providers)
    }
    return unlinked(symbol, user, found)
  }

  /// The namespaces that the changed objects of a module import.
  private func imports(of module: LinkTarget) -> Set<String> {
    changes.after.filter { $0.target == module }.reduce(into: []) { $0.formUnion($1.symbols.importedNamespaces) }
  }

  private func unlinked(_ symbol: String, _ user: LinkedObject, _ found: SymbolSearch<World>.Result) -> Resolution {
    if !user.target.isModule, found.isScripted { return .linked([]) }
    // A reference that links in the base outweighs text that shows nothing.
    if known.has(symbol, for: user.target) { return .linked([]) }
    if found.isCut { return .undecided }
    if !found.isNamed, !user.target.isModule, found.providers.isEmpty, !CompilerSymbols.isArithmetic(symbol) {
      // Macros form both the reference and, if there is one, the definition.
      return .linked([])
    }
    return .undefined(Self.causes(symbol, user.target, found))
  }

  private static func causes(
    _ symbol: String, _ target: LinkTarget, _ found: SymbolSearch<World>.Result
  ) -> [String] {
    if CompilerSymbols.isDivision(symbol) {
      return ["the compiler calls it for a 64-bit division: use div64_u64(), div_u64() or do_div()"]
    }
    let sources = Set(found.providers.map(\.source)).sorted()
    if let source = sources.first {
      guard !target.isModule, let owner = found.providers.first(where: { $0.source == source })?.target else {
        return ["\(source) defines it without EXPORT_SYMBOL"]
      }
      return ["\(source) defines it, in \(owner.name): built-in code cannot use what a module defines"]
    }
    if let file = found.unbuilt.first {
      return ["\(file) has it, but the lane's configuration builds no object of that file"]
    }
    return ["nothing in the tree defines it at this commit"]
  }

  private static func isDefined(_ symbol: String, for target: LinkTarget, by objects: [LinkedObject]) -> Bool {
    objects.contains { $0.target == target && $0.symbols.given.contains(symbol) }
  }

  private static func isExported(_ symbol: String, to target: LinkTarget, by objects: [LinkedObject]) -> Bool {
    target.isModule && objects.contains { $0.target != target && $0.symbols.export(of: symbol) != nil }
  }
}
