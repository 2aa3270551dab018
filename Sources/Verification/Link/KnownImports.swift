import Kbuild

/// Which symbols the base's own objects refer to, and where: what one links against, others of its kind can too.
struct KnownImports: Sendable {
  /// An object of the base that refers to a symbol.
  struct Importer: Hashable, Sendable {
    var source: String
    var target: LinkTarget
    /// The namespaces its module imports, as far as the given objects tell.
    var namespaces: Set<String>
  }

  private var importers: [String: [Importer]] = [:]

  /// - Parameter objects: any number of the base's objects.
  init(_ objects: [LinkedObject] = []) {
    var namespaces: [LinkTarget: Set<String>] = [:]
    for object in objects { namespaces[object.target, default: []].formUnion(object.symbols.importedNamespaces) }
    for object in objects where object.target != .separate {
      let importer = Importer(
        source: object.source, target: object.target, namespaces: namespaces[object.target] ?? [])
      for symbol in object.symbols.needed { importers[symbol, default: []].append(importer) }
    }
  }

  /// The sources whose objects refer to a symbol, sorted.
  func sources(naming symbol: String) -> [String] { Set((importers[symbol] ?? []).map(\.source)).sorted() }

  /// Whether something that links the same way refers to the symbol.
  func has(_ symbol: String, for target: LinkTarget) -> Bool {
    importers[symbol]?.contains { $0.target.isModule == target.isModule } ?? false
  }

  /// Whether the symbol is so common that its export need not be looked up: several modules use it and import no more
  /// namespaces than the module in question.
  func isCommon(_ symbol: String, for target: LinkTarget, importing namespaces: Set<String>) -> Bool {
    let alike = (importers[symbol] ?? []).filter {
      $0.target.isModule == target.isModule && $0.namespaces.isSubset(of: namespaces)
    }
    // An export restricted to named modules has few users.
    return target.isModule ? Set(alike.map(\.target)).count > 3 : !alike.isEmpty
  }

  /// A copy without the symbols that a state of the series has changed, see `LinkChanges.touched`.
  func forgetting(_ symbols: Set<String>) -> KnownImports {
    var copy = self
    for symbol in symbols { copy.importers[symbol] = nil }
    return copy
  }
}
