import Diagnostics
import Kbuild

/// What modpost and the final link would report about a state of the tree, in one lane, without building a kernel.
///
/// Only what the state introduces is found: a reference that does not link, an export or a definition removed while
/// others still use it, a symbol defined twice, and whatever else modpost says about the modules that the state
/// concerns. Objects decide; text only tells which objects to ask.
struct LinkCheck<World: LinkWorld>: Sendable {
  let world: World
  let changes: LinkChanges
  let resolver: SymbolResolver<World>
  /// The symbols whose definition or export the state removes or narrows, or moves to code that is thrown away.
  let touched: Set<String>

  /// - Parameter known: what objects of the base refer to, without the symbols that earlier states have touched
  ///   (`KnownImports.forgetting`).
  init(world: World, changes: [ObjectChange], known: KnownImports = KnownImports()) {
    self.world = world
    self.changes = LinkChanges(changes)
    touched = self.changes.touched
    resolver = SymbolResolver(world: world, changes: self.changes, known: known.forgetting(touched))
  }

  /// What a check finds, in the order of files and lines.
  struct Findings: Hashable, Sendable {
    /// What the state breaks.
    var broken: [Finding] = []
    /// What could not be decided.
    var undecided: [Finding] = []
  }

  /// What the state breaks, and what could not be decided.
  func findings() async throws(Failure) -> Findings {
    let new = changes.objects.flatMap { change in LinkChanges.newReferences(of: change).map { ($0, change) } }
    let provided = changes.objects.flatMap { Self.newlyGiven($0).union(Self.newlyExported($0)) }
    try await world.expect(Set(new.map(\.0)).union(touched).union(provided))

    var parts = LinkParts()
    var found: [Finding] = []
    for (symbol, change) in new {
      guard let user = change.after else { continue }
      found += try await follow(symbol, user, &parts)
    }
    for symbol in touched.sorted() { found += try await followUsers(of: symbol, &parts) }
    for exporter in try await otherExporters() { parts.providers.insert(exporter) }
    for module in changes.restricted { try await followAll(of: module, &parts) }
    found += try await twiceDefined()
    var comparison = ModpostComparison(check: self, parts: parts)
    found += try await comparison.findings()
    return Findings(broken: Self.sorted(found), undecided: Self.sorted(parts.undecided))
  }

  /// Finds what provides a symbol to an object. Modpost judges modules; for built-in code, the finding says what the
  /// linker would.
  func follow(
    _ symbol: String, _ user: LinkedObject, _ parts: inout LinkParts
  ) async throws(Failure) -> [Finding] {
    let resolution = try await resolver.resolve(symbol, for: user)
    switch resolution {
    case .linked(let providers):
      parts.providers.formUnion(providers.filter { changes.objects(of: $0.source) == nil })
      return []
    case .undefined(let causes):
      parts.missing[symbol] = causes
      if user.target.isModule { return [] }
      let notes = causes + taken(symbol)
      return [try await finding(.error, symbol, user, "undefined symbol: \(symbol)", notes)]
    case .undecided:
      let message = "cannot tell what provides \"\(symbol)\" to \(user.target.name)"
      parts.assumed.insert(symbol)
      parts.undecided.append(try await finding(.warning, symbol, user, message, ["too many files may define it"]))
      return []
    }
  }

  /// Takes a whole module into account, with what all its references link against.
  private func followAll(of module: LinkTarget, _ parts: inout LinkParts) async throws(Failure) {
    for source in try await world.sources(of: module) where changes.objects(of: source) == nil {
      parts.users.formUnion(try await resolver.search.objects(of: source).filter { $0.target == module })
    }
    let strict = resolver.withoutKnowledge
    let members = parts.users.filter { $0.target == module } + changes.after.filter { $0.target == module }
    for user in members.sorted(by: { $0.object < $1.object }) {
      for symbol in user.symbols.needed.sorted() {
        guard case .linked(let providers) = try await strict.resolve(symbol, for: user) else { continue }
        parts.providers.formUnion(providers.filter { changes.objects(of: $0.source) == nil })
      }
    }
  }

  /// A note on what the state removes of a symbol.
  func taken(_ symbol: String) -> [String] {
    guard touched.contains(symbol) else { return [] }
    let exporters = changes.objects.filter { $0.before?.symbols.export(of: symbol) != nil }.map(\.source)
    if let source = exporters.min() { return ["this commit removes the export from \(source)"] }
    let definers = changes.objects.filter { $0.before?.symbols.given.contains(symbol) == true }.map(\.source)
    return definers.min().map { ["this commit removes the definition from \($0)"] } ?? []
  }

  /// A finding at the place where an object refers to a symbol.
  func finding(
    _ severity: Finding.Severity, _ symbol: String, _ user: LinkedObject, _ message: String, _ notes: [String]
  ) async throws(Failure) -> Finding {
    let reference = try await SymbolPlace(world: world).reference(to: symbol, in: user.source)
    return Finding(severity, at: reference.place, message, notes: notes + reference.notes)
  }

  static func newlyGiven(_ change: ObjectChange) -> Set<String> {
    (change.after?.symbols.given ?? []).subtracting(change.before?.symbols.given ?? [])
  }

  static func newlyExported(_ change: ObjectChange) -> Set<String> {
    Set((change.after?.symbols.exports ?? []).map(\.name))
      .subtracting((change.before?.symbols.exports ?? []).map(\.name))
  }

  /// Each problem once: several objects of a module may share it through a header.
  private static func sorted(_ findings: [Finding]) -> [Finding] {
    Set(findings).sorted {
      ($0.place?.file ?? "", $0.place?.line ?? 0, $0.message) < ($1.place?.file ?? "", $1.place?.line ?? 0, $1.message)
    }
  }
}

/// The objects that a state leaves alone and that take part in the link of what it changes.
struct LinkParts: Sendable {
  /// Objects that use what the state changes. Their modules are judged.
  var users: Set<LinkedObject> = []
  /// Objects that define or export what others refer to.
  var providers: Set<LinkedObject> = []
  /// What could not be decided.
  var undecided: [Finding] = []
  /// Symbols that may be provided, since nobody knows.
  var assumed: Set<String> = []
  /// Symbols that nothing provides, and what is known about the cause.
  var missing: [String: [String]] = [:]
}
