import CSource
import Diagnostics
import Kbuild

/// The users of something that the state removes.
extension LinkCheck {
  /// How many sources are asked whether they use a symbol.
  private var limit: Int { 8 }

  /// The problems of objects that still refer to a symbol whose export or definition the state removes or narrows.
  func usersLeft(of symbol: String) async throws(Failure) -> [Finding] {
    var found: [Finding] = []
    for change in changes.objects where change.after?.needed.contains(symbol) == true {
      // A new reference has been judged already.
      guard change.before?.needed.contains(symbol) == true, let user = change.linked else { continue }
      found += try await judge(symbol, user)
    }
    var asked = 0
    for source in try await sources(using: symbol) where changes.objects(of: source) == nil {
      let targets = try await world.targets(of: source)
      guard targets.contains(where: { concerns($0, symbol) }) else { continue }
      if asked == limit {
        if found.isEmpty { found.append(Self.unasked(source, symbol)) }
        break
      }
      asked += 1
      for object in try await resolver.search.objects(of: source)
      where object.target != .separate && object.symbols.needed.contains(symbol) {
        found += try await judge(symbol, object)
      }
    }
    return found
  }

  /// Whether the loss of a symbol can matter to a link target: built-in code needs a definition but no export.
  private func concerns(_ target: LinkTarget, _ symbol: String) -> Bool {
    switch target {
    case .separate: false
    case .builtIn: changes.lostDefinitions.contains(symbol)
    case .module: true
    }
  }

  private static func unasked(_ source: String, _ symbol: String) -> Finding {
    Finding(
      .warning, at: Place(source), "may be left without \"\(symbol)\"",
      notes: ["this commit removes it, and too many files name it to compile them all"])
  }

  /// The sources whose code names a symbol, directly or through what a header defines; known users come first.
  private func sources(using symbol: String) async throws(Failure) -> [String] {
    let first = resolver.known.sources(naming: symbol)
    var direct: [String] = []
    var wrappers: Set<String> = []
    for (path, mentions) in try await resolver.search.uses(of: symbol) {
      if path.hasSuffix(".h") { wrappers.formUnion(mentions.users) } else { direct.append(path) }
    }
    var indirect: Set<String> = []
    for wrapper in wrappers.sorted().prefix(limit) {
      for path in try await world.files(naming: wrapper) where !path.hasSuffix(".h") { indirect.insert(path) }
    }
    let machine = changes.after.first?.symbols ?? ObjectSymbols(machine: 0)
    var seen: Set<String> = []
    return (first + direct + indirect.sorted()).filter { source in
      seen.insert(source).inserted && SymbolSearch<World>.isPossible(source, machine)
    }
  }

  /// The symbols that a module may no longer use, since it stops importing a namespace or leaves the GPL.
  func usersWithoutPermission() async throws(Failure) -> [Finding] {
    var found: [Finding] = []
    for (module, namespaces) in changes.lostImports.sorted(by: { $0.key.name < $1.key.name }) {
      for namespace in namespaces.sorted() where try await !resolver.facts.mayUse(namespace, module) {
        found += try await uses(of: namespace, by: module)
      }
    }
    for user in changes.after where changes.relicensed.contains(user.target) {
      for symbol in user.symbols.needed.sorted() {
        let resolution = try await resolverWithoutKnowledge.resolve(symbol, for: user)
        if case .onlyForGPL = resolution { found += try await judge(symbol, user, resolution) }
      }
    }
    return found
  }

  /// The symbols of a namespace that a module refers to without importing it.
  private func uses(of namespace: String, by module: LinkTarget) async throws(Failure) -> [Finding] {
    var found: [Finding] = []
    let exports = try await NamespaceExports(world: world).symbols(in: namespace)
    for user in changes.after where user.target == module {
      for symbol in user.symbols.needed.sorted() where exports.mayHave(symbol) {
        let resolution = try await resolverWithoutKnowledge.resolve(symbol, for: user)
        if case .namespace = resolution { found += try await judge(symbol, user, resolution) }
      }
    }
    guard found.isEmpty, let folder = module.folder else { return found }
    for symbol in exports.names.sorted() {
      for source in try await world.files(naming: symbol) where source.hasPrefix("\(folder)/") {
        guard changes.objects(of: source) == nil, try await world.targets(of: source).contains(module) else { continue }
        for user in try await resolver.search.objects(of: source)
        where user.target == module && user.symbols.needed.contains(symbol) {
          found += try await judge(symbol, user, try await resolverWithoutKnowledge.resolve(symbol, for: user))
        }
      }
    }
    return found
  }
}
