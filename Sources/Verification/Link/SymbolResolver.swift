import Diagnostics
import Kbuild

/// Decides whether a reference to a symbol links, as modpost does for modules and the linker for built-in code.
struct SymbolResolver<World: LinkWorld>: Sendable {
  let world: World
  let changes: LinkChanges
  var known: KnownImports
  let search: SymbolSearch<World>
  let facts: ModuleFacts<World>

  init(world: World, changes: LinkChanges, known: KnownImports) {
    self.world = world
    self.changes = changes
    self.known = known
    search = SymbolSearch(world: world, changes: changes)
    facts = ModuleFacts(world: world, changes: changes, search: search)
  }

  /// The same resolver, without knowledge of what the base refers to.
  var withoutKnowledge: Self {
    var copy = self
    copy.known = KnownImports()
    return copy
  }

  enum Resolution: Sendable {
    case linked
    /// Nothing provides it; the strings say what is known about the cause.
    case undefined([String])
    /// The module exports it, but nothing in the module defines it.
    case exportedOnly
    case onlyForGPL(LinkedObject)
    case namespace(String, LinkedObject)
    /// There are too many places to look at them all.
    case undecided
  }

  func resolve(_ symbol: String, for user: LinkedObject) async throws(Failure) -> Resolution {
    let target = user.target
    if CompilerSymbols.isInstrumentation(symbol) { return .linked }
    let imports = facts.importsOfChanged(target).union(user.symbols.importedNamespaces)
    if changes.providers(of: symbol).isEmpty, known.isCommon(symbol, for: target, importing: imports) { return .linked }

    let found = try await search.search(for: symbol, machine: user.symbols) { providers in
      Self.isDefined(symbol, for: target, by: providers)
        || Self.exporter(of: symbol, to: target, among: providers) != nil
    }
    if Self.isDefined(symbol, for: target, by: found.providers) { return .linked }
    if let exporter = Self.exporter(of: symbol, to: target, among: found.providers),
      let export = exporter.symbols.export(of: symbol)
    {
      return try await permission(export, exporter, target)
    }
    return unlinked(symbol, user, found)
  }

  private func permission(
    _ export: ObjectSymbols.Export, _ exporter: LinkedObject, _ module: LinkTarget
  ) async throws(Failure) -> Resolution {
    if try await !facts.mayUse(export.namespace, module) { return .namespace(export.namespace, exporter) }
    if export.gplOnly, try await !facts.isGPL(module) { return .onlyForGPL(exporter) }
    return .linked
  }

  private func unlinked(_ symbol: String, _ user: LinkedObject, _ found: SymbolSearch<World>.Result) -> Resolution {
    if user.target.isModule {
      let ownExport = found.providers.contains { $0.target == user.target && $0.symbols.export(of: symbol) != nil }
      if ownExport { return .exportedOnly }
    } else if found.isScripted {
      return .linked
    }
    // A reference that links in the base outweighs text that shows nothing.
    if known.has(symbol, for: user.target) { return .linked }
    if found.isCut { return .undecided }
    if !found.isNamed, !user.target.isModule, found.providers.isEmpty, !CompilerSymbols.isDivision(symbol) {
      // Macros form both the reference and, if there is one, the definition.
      return .linked
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

  /// The object that exports a symbol to a module: built in or part of another module.
  private static func exporter(
    of symbol: String, to target: LinkTarget, among objects: [LinkedObject]
  ) -> LinkedObject? {
    guard target.isModule else { return nil }
    return objects.first { $0.target != target && $0.symbols.export(of: symbol) != nil }
  }
}
