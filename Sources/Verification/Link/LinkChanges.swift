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
    after = objects.compactMap(\.after)
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
    // In another image or module, every reference has to be resolved anew.
    let before = change.before?.target == change.target ? change.before?.symbols.needed ?? [] : []
    return (change.after?.symbols.needed ?? []).subtracting(before).sorted()
  }

  /// The symbols that are no longer exported, or no longer to everyone who could use them.
  var narrowedExports: Set<String> {
    var before: [String: (export: ObjectSymbols.Export, target: LinkTarget)] = [:]
    var after: [String: ObjectSymbols.Export] = [:]
    for change in objects {
      for export in change.before?.symbols.exports ?? [] {
        before[export.name] = (export, change.before?.target ?? change.target)
      }
      for export in change.after?.symbols.exports ?? [] { after[export.name] = export }
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
      before[change.before?.target ?? change.target, default: []].formUnion(change.before?.symbols.given ?? [])
      after[change.target, default: []].formUnion(change.after?.symbols.given ?? [])
    }
    return before.reduce(into: []) { $0.formUnion($1.value.subtracting(after[$1.key] ?? [])) }
  }

  /// The symbols that move into a section that is thrown away, such as `.init.text`.
  var discarded: Set<String> {
    objects.reduce(into: []) { all, change in
      guard let before = change.before?.symbols, let after = change.after?.symbols else { return }
      all.formUnion(after.discarded.subtracting(before.discarded).intersection(before.given))
    }
  }

  /// The symbols whose users may no longer link.
  var touched: Set<String> { narrowedExports.union(lostDefinitions).union(discarded) }

  /// The modules that may use less than before, since they no longer import a namespace or leave the GPL; sorted.
  var restricted: [LinkTarget] {
    var lost: Set<LinkTarget> = []
    for change in objects where change.target.isModule {
      guard let before = change.before?.symbols, let after = change.after?.symbols else { continue }
      if !before.importedNamespaces.isSubset(of: after.importedNamespaces)
        || ObjectSymbols.isGPL(before.licenses) && !ObjectSymbols.isGPL(after.licenses)
      {
        lost.insert(change.target)
      }
    }
    return lost.sorted { $0.name < $1.name }
  }
}
