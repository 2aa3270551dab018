import CSource
import Diagnostics
import Kbuild

/// What a module declares in any of its objects: the namespaces it imports, and its licence.
actor ModuleFacts<World: LinkWorld> {
  private let world: World
  private let changes: LinkChanges
  private let search: SymbolSearch<World>
  private var imports: [Question: Bool] = [:]
  private var licenses: [LinkTarget: Bool] = [:]

  private struct Question: Hashable {
    var module: LinkTarget
    var namespace: String
  }

  init(world: World, changes: LinkChanges, search: SymbolSearch<World>) {
    self.world = world
    self.changes = changes
    self.search = search
  }

  /// The namespaces that the changed objects of a module import.
  nonisolated func importsOfChanged(_ module: LinkTarget) -> Set<String> {
    changes.after.filter { $0.target == module }.reduce(into: []) { $0.formUnion($1.symbols.importedNamespaces) }
  }

  /// Whether a module may use what a namespace exports, by the rule of modpost's `check_exports`.
  func mayUse(_ namespace: String, _ module: LinkTarget) async throws(Failure) -> Bool {
    if namespace.isEmpty { return true }
    if let named = Self.modulesNamed(by: namespace) {
      return named.contains { pattern in
        pattern.hasSuffix("*")
          ? module.moduleName.hasPrefix(pattern.dropLast()) : module.moduleName == pattern
      }
    }
    if importsOfChanged(module).contains(namespace) { return true }
    let question = Question(module: module, namespace: namespace)
    if let known = imports[question] { return known }
    let answer = try await isImported(namespace, by: module)
    imports[question] = answer
    return answer
  }

  /// The patterns of a `module:` namespace; nil for any other.
  private static func modulesNamed(by namespace: String) -> [Substring]? {
    guard namespace.hasPrefix("module:") else { return nil }
    return namespace.dropFirst("module:".count).split(separator: ",")
  }

  /// Whether another object of the module imports the namespace.
  private func isImported(_ namespace: String, by module: LinkTarget) async throws(Failure) -> Bool {
    let word = namespace.utf8.split { !$0.isIdentifierPart }.map { String(decoding: $0, as: UTF8.self) }.max {
      $0.count < $1.count
    }
    guard let word else { return false }
    let importing = try await world.files(naming: word).filter { path in
      world.contents(of: path).map { !WordPositions.of("MODULE_IMPORT_NS", in: $0).isEmpty } ?? false
    }
    for file in importing {
      let sources = file.hasSuffix(".h") ? try await world.sources(including: file) : [file]
      for source in sources.sorted() where changes.objects(of: source) == nil {
        guard try await world.targets(of: source).contains(module) else { continue }
        let objects = try await search.objects(of: source)
        if objects.contains(where: { $0.target == module && $0.symbols.importedNamespaces.contains(namespace) }) {
          return true
        }
      }
    }
    return false
  }

  /// Whether all licences of a module are compatible with the GPL. When no changed object states one, only files in the
  /// module's own folder are searched: a module of the tree that is not under the GPL is rare.
  func isGPL(_ module: LinkTarget) async throws(Failure) -> Bool {
    let changed = changes.after.filter { $0.target == module }.flatMap(\.symbols.licenses)
    if !changed.isEmpty { return ObjectSymbols.isGPL(changed) }
    if let known = licenses[module] { return known }
    var answer = true
    for path in try await world.files(naming: "MODULE_LICENSE") {
      guard let folder = module.folder, path.hasPrefix("\(folder)/"), !path.hasSuffix(".h"),
        changes.objects(of: path) == nil, let bytes = world.contents(of: path),
        let license = Self.license(in: bytes), !ObjectSymbols.isGPL([license])
      else { continue }
      let objects = try await search.objects(of: path).filter { $0.target == module }
      if !ObjectSymbols.isGPL(objects.flatMap(\.symbols.licenses)) { answer = false }
    }
    licenses[module] = answer
    return answer
  }

  private static func license(in bytes: [UInt8]) -> String? {
    guard let position = WordPositions.of("MODULE_LICENSE", in: bytes).first else { return nil }
    let parts = bytes[position...].prefix(200).split(separator: UInt8(ascii: "\""), maxSplits: 2)
    return parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : nil
  }
}
