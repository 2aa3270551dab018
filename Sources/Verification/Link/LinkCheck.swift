import Diagnostics
import Kbuild

/// The check of one state.
struct LinkCheck<World: LinkWorld>: Sendable {
  let world: World
  let changes: LinkChanges
  let resolver: SymbolResolver<World>
  /// For modules that may use less than before: what other modules use says nothing about them.
  let resolverWithoutKnowledge: SymbolResolver<World>
  /// The symbols whose definition or export the state removes or narrows.
  let touched: Set<String>

  init(world: World, changes: LinkChanges, known: KnownImports) {
    self.world = world
    self.changes = changes
    touched = changes.narrowedExports.union(changes.lostDefinitions)
    resolver = SymbolResolver(world: world, changes: changes, known: known.forgetting(touched))
    resolverWithoutKnowledge = resolver.withoutKnowledge
  }

  func findings() async throws(Failure) -> [Finding] {
    let new = changes.objects.flatMap { change in LinkChanges.newReferences(of: change).map { ($0, change) } }
    let provided = changes.objects.flatMap { Self.newlyGiven($0).union(Self.newlyExported($0)) }
    try await world.expect(Set(new.map(\.0)).union(touched).union(provided))

    var found: [Finding] = []
    for (symbol, change) in new {
      guard let user = change.linked else { continue }
      found += try await judge(symbol, user)
    }
    for symbol in touched.sorted() { found += try await usersLeft(of: symbol) }
    found += try await usersWithoutPermission()
    found += localExports()
    found += try await twiceExported()
    found += try await twiceDefined()
    return Self.sorted(found)
  }

  /// What is wrong with an object's reference to a symbol.
  func judge(_ symbol: String, _ user: LinkedObject) async throws(Failure) -> [Finding] {
    try await judge(symbol, user, try await resolver.resolve(symbol, for: user))
  }

  /// The finding for a reference that does not link.
  func judge(
    _ symbol: String, _ user: LinkedObject, _ resolution: SymbolResolver<World>.Resolution
  ) async throws(Failure) -> [Finding] {
    let name = user.target.name
    switch resolution {
    case .linked: return []
    case .undefined(let causes):
      let message = user.target.isModule ? "\"\(symbol)\" [\(name)] undefined" : "undefined symbol: \(symbol)"
      return [try await finding(symbol, user, message, causes + taken(symbol))]
    case .exportedOnly:
      return [
        try await finding(
          symbol, user, "\"\(symbol)\" [\(name)] was exported without definition",
          taken(symbol) + ["define it in the module, or drop the export"])
      ]
    case .onlyForGPL(let exporter):
      return [
        try await finding(
          symbol, user, "GPL-incompatible module \(user.target.moduleName).ko uses GPL-only symbol '\(symbol)'",
          ["\(exporter.source) exports it with EXPORT_SYMBOL_GPL"])
      ]
    case .namespace(let namespace, let exporter):
      let module = user.target.moduleName
      let message =
        namespace.hasPrefix("module:")
        ? "module \(module) uses symbol \(symbol), which is exported to \(namespace.dropFirst(7)) only"
        : "module \(module) uses symbol \(symbol) from namespace \(namespace), but does not import it"
      let remedy = namespace.hasPrefix("module:") ? "" : ": add MODULE_IMPORT_NS(\"\(namespace)\") to the module"
      return [try await finding(symbol, user, message, ["\(exporter.source) exports it there\(remedy)"])]
    case .undecided:
      let warning = "cannot tell what provides \"\(symbol)\" to \(name)"
      return [try await finding(symbol, user, warning, ["too many files may define it"], severity: .warning)]
    }
  }

  /// A note on what the state removes of a symbol.
  private func taken(_ symbol: String) -> [String] {
    guard touched.contains(symbol) else { return [] }
    let exporters = changes.objects.filter { $0.before?.export(of: symbol) != nil }.map(\.source)
    if let source = exporters.min() { return ["this commit removes the export from \(source)"] }
    let definers = changes.objects.filter { $0.before?.given.contains(symbol) == true }.map(\.source)
    return definers.min().map { ["this commit removes the definition from \($0)"] } ?? []
  }

  private func finding(
    _ symbol: String, _ user: LinkedObject, _ message: String, _ notes: [String],
    severity: Finding.Severity = .error
  ) async throws(Failure) -> Finding {
    let reference = try await SymbolPlace(world: world).reference(to: symbol, in: user.source)
    return Finding(severity, at: reference.place, message, notes: notes + reference.notes)
  }

  static func newlyGiven(_ change: ObjectChange) -> Set<String> {
    (change.after?.given ?? []).subtracting(change.before?.given ?? [])
  }

  static func newlyExported(_ change: ObjectChange) -> Set<String> {
    Set((change.after?.exports ?? []).map(\.name)).subtracting((change.before?.exports ?? []).map(\.name))
  }

  /// Each problem once: several objects of a module may share it through a header.
  private static func sorted(_ findings: [Finding]) -> [Finding] {
    Set(findings).sorted {
      ($0.place?.file ?? "", $0.place?.line ?? 0, $0.message) < ($1.place?.file ?? "", $1.place?.line ?? 0, $1.message)
    }
  }
}

extension ObjectChange {
  /// The object as the state leaves it.
  var linked: LinkedObject? {
    after.map { LinkedObject(object: object, source: source, target: target, symbols: $0) }
  }
}
