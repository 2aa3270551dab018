import Kbuild

/// What a state changes in the objects of a lane, indexed for lookup.
struct LinkChanges: Sendable {
  let objects: [ObjectChange]
  /// The objects as the state leaves them.
  let after: [LinkedObject]
  private let bySource: [String: [LinkedObject]]
  private let definers: [String: [LinkedObject]]
  private let exporters: [String: [LinkedObject]]

  /// - Parameter changes: objects linked into neither the kernel nor a module are left out.
  init(_ changes: [ObjectChange]) {
    objects = changes.filter { $0.target != .separate }.sorted { $0.object < $1.object }
    after = objects.compactMap { change in
      change.after.map {
        LinkedObject(object: change.object, source: change.source, target: change.target, symbols: $0)
      }
    }
    var bySource: [String: [LinkedObject]] = Dictionary(
      uniqueKeysWithValues: Set(objects.map(\.source)).map { ($0, []) })
    var definers: [String: [LinkedObject]] = [:]
    var exporters: [String: [LinkedObject]] = [:]
    for object in after {
      bySource[object.source, default: []].append(object)
      for symbol in object.symbols.given { definers[symbol, default: []].append(object) }
      for export in object.symbols.exports { exporters[export.name, default: []].append(object) }
    }
    self.bySource = bySource
    self.definers = definers
    self.exporters = exporters
  }

  /// The objects of a source that the state changes; nil for any other source.
  func objects(of source: String) -> [LinkedObject]? { bySource[source] }

  /// The changed objects that define or export a symbol.
  func providers(of symbol: String) -> [LinkedObject] { (definers[symbol] ?? []) + (exporters[symbol] ?? []) }

  /// The symbols that an object newly refers to, sorted.
  static func newReferences(of change: ObjectChange) -> [String] {
    (change.after?.needed ?? []).subtracting(change.before?.needed ?? []).sorted()
  }

  /// The symbols that are no longer exported, or no longer to everyone who could use them.
  var narrowedExports: Set<String> {
    var before: [String: (export: ObjectSymbols.Export, target: LinkTarget)] = [:]
    var after: [String: ObjectSymbols.Export] = [:]
    for change in objects {
      for export in change.before?.exports ?? [] { before[export.name] = (export, change.target) }
      for export in change.after?.exports ?? [] { after[export.name] = export }
    }
    return Set(
      before.lazy.filter { name, old in
        guard let new = after[name] else { return true }
        return new.namespace != old.export.namespace || new.gplOnly && !old.export.gplOnly
      }.map(\.key))
  }

  /// The symbols that a link target defined and no longer does.
  var lostDefinitions: Set<String> {
    var before: [LinkTarget: Set<String>] = [:]
    var after: [LinkTarget: Set<String>] = [:]
    for change in objects {
      before[change.target, default: []].formUnion(change.before?.given ?? [])
      after[change.target, default: []].formUnion(change.after?.given ?? [])
    }
    return before.reduce(into: []) { $0.formUnion($1.value.subtracting(after[$1.key] ?? [])) }
  }

  /// The namespaces that a module's objects imported and no longer do, by module.
  var lostImports: [LinkTarget: Set<String>] {
    var lost: [LinkTarget: Set<String>] = [:]
    for target in Set(objects.map(\.target)) where target.isModule {
      let here = objects.filter { $0.target == target }
      let before = here.reduce(into: Set<String>()) { $0.formUnion($1.before?.importedNamespaces ?? []) }
      let after = here.reduce(into: Set<String>()) { $0.formUnion($1.after?.importedNamespaces ?? []) }
      if !before.isSubset(of: after) { lost[target] = before.subtracting(after) }
    }
    return lost
  }

  /// The modules that the state makes incompatible with the GPL.
  var relicensed: Set<LinkTarget> {
    Set(
      objects.filter { change in
        guard change.target.isModule, let after = change.after else { return false }
        return !ObjectSymbols.isGPL(after.licenses) && ObjectSymbols.isGPL(change.before?.licenses ?? [])
      }.map(\.target))
  }
}
