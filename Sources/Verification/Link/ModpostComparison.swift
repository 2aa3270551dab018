import Diagnostics
import Kbuild

/// What modpost says about the modules and the part of the image that a state concerns, and did not say before.
///
/// A module's other objects are left out unless modpost reports something missing that they may declare. What such a part of a module refers
/// to is taken to be exported if it was referred to before: only what the state changes is in question.
struct ModpostComparison<World: LinkWorld>: Sendable {
  let check: LinkCheck<World>
  var parts: LinkParts

  private var world: World { check.world }

  /// What is new, where the kernel's build would report it.
  mutating func findings() async throws(Failure) -> [Finding] {
    try await addForeignLicenses()
    var new = try await messages()
    if try await addDeclarations(for: new) { new = try await messages() }
    var findings: [Finding] = []
    for message in new { findings.append(try await finding(message)) }
    return findings
  }

  /// Adds the objects that put modules under a licence that the GPL's exports are not for: without a licence, modpost takes
  /// a module to be under the GPL.
  private mutating func addForeignLicenses() async throws(Failure) {
    let modules = check.changes.objects.filter { $0.target.isModule && !LinkChanges.newReferences(of: $0).isEmpty }
    for module in Set(modules.map(\.target)) {
      let found = try await declaring(module) { text in
        text.firstMatch(of: #/MODULE_LICENSE\("([^"]*)"\)/#).map { !ObjectSymbols.isGPL([String($0.1)]) } ?? false
      }
      parts.users.formUnion(found)
    }
  }

  /// Adds the objects that declare what modpost misses of a module; returns whether there are any.
  private mutating func addDeclarations(for messages: [ModpostMessage]) async throws(Failure) -> Bool {
    let before = parts.users
    for module in Set(
      messages.filter { $0.text.contains("MODULE_") || $0.text.contains("namespace") }.compactMap(target))
    {
      parts.users.formUnion(
        try await declaring(module) { $0.contains(#/MODULE_(IMPORT_NS|LICENSE|DESCRIPTION)/#) })
    }
    return parts.users != before
  }

  /// The objects of a module, among those left out, whose source's text says something about the module.
  private func declaring(
    _ module: LinkTarget, _ says: (String) -> Bool
  ) async throws(Failure) -> [LinkedObject] {
    var found: [LinkedObject] = []
    for source in try await world.sources(of: module) where check.changes.objects(of: source) == nil {
      guard let bytes = world.contents(of: source), says(String(decoding: bytes, as: UTF8.self)) else { continue }
      found += try await check.resolver.search.objects(of: source).filter { $0.target == module }
    }
    return found
  }

  // MARK: Running modpost

  /// The messages that are new. What modpost says about an object by itself has been compared with its unit.
  private func messages() async throws(Failure) -> [ModpostMessage] {
    let targets = judged
    guard !targets.isEmpty else { return [] }
    var known: [ModpostMessage: Int] = [:]
    for message in try await messages(members(of: targets, \.before)) {
      known[message, default: 0] += 1
    }
    let after = members(of: targets, \.after)
    var new = try await messages(after).filter { message in
      guard let count = known[message], count > 0 else { return true }
      known[message] = count - 1
      return false
    }
    let concerned = Set(new.filter { $0.aboutPart != $0.text }.compactMap(target))
    for object in Set(concerned.flatMap { after[$0] ?? [] }) {
      let own = try await world.modpost([.builtIn: [object]], symvers: "").map(\.aboutPart)
      new.removeAll { own.contains($0.aboutPart) }
    }
    return new
  }

  /// The image and the modules to look at.
  private var judged: Set<LinkTarget> {
    Set(check.changes.objects.map(\.target)).union(parts.users.map(\.target)).filter { $0 != .separate }
  }

  /// The objects of each target, as far as they take part; a target without objects is left out.
  private func members(
    of targets: Set<LinkTarget>, _ side: KeyPath<ObjectChange, LinkedObject?>
  ) -> [LinkTarget: [LinkedObject]] {
    let objects = Set(check.changes.objects.compactMap { $0[keyPath: side] }).union(parts.users).union(parts.providers)
    return Dictionary(grouping: objects.filter { targets.contains($0.target) }, by: \.target)
      .mapValues { $0.sorted { $0.object < $1.object } }
  }

  private func messages(
    _ members: [LinkTarget: [LinkedObject]]
  ) async throws(Failure) -> [ModpostMessage] {
    if members.isEmpty { return [] }
    let exported = Set(members.values.joined().flatMap { $0.symbols.exports.map(\.name) })
    var lines: [String] = []
    var provided = exported
    for object in parts.providers.sorted(by: { $0.object < $1.object }) where members[object.target] == nil {
      for export in object.symbols.exports {
        lines.append(Self.line(export, of: object.target))
        provided.insert(export.name)
      }
    }
    let given = members.mapValues { $0.reduce(into: Set<String>()) { $0.formUnion($1.symbols.given) } }
    for (target, objects) in members where target.isModule {
      let needed = objects.reduce(into: Set<String>()) { $0.formUnion($1.symbols.needed) }
      for symbol in needed.subtracting(given[target] ?? []).subtracting(provided)
      where parts.assumed.contains(symbol) || parts.missing[symbol] == nil && !check.touched.contains(symbol) {
        lines.append(Self.line(.init(name: symbol), of: .builtIn))
        provided.insert(symbol)
      }
    }
    return try await world.modpost(members, symvers: lines.joined())
  }

  /// A line of `Module.symvers`. Symbol versions do not count here.
  private static func line(_ export: ObjectSymbols.Export, of target: LinkTarget) -> String {
    let module = if case .module(let path) = target { path } else { "vmlinux" }
    return "0x00000000\t\(export.name)\t\(module)\tEXPORT_SYMBOL\(export.gplOnly ? "_GPL" : "")\t\(export.namespace)\n"
  }

  // MARK: Explaining its messages

  private func finding(_ message: ModpostMessage) async throws(Failure) -> Finding {
    let module = target(message)
    let members = Set(check.changes.after).union(parts.users).filter { module == nil || $0.target == module }
      .sorted { $0.object < $1.object }
    guard let symbol = message.symbol else {
      let source = members.first { check.changes.objects(of: $0.source) != nil } ?? members.first
      return Finding(message.severity, at: source.map { Place($0.source) }, message.text, notes: [])
    }
    if let user = members.first(where: { $0.symbols.needed.contains(symbol) }) {
      return try await check.finding(message.severity, symbol, user, message.text, notes(message, symbol, user))
    }
    let place = members.first { $0.symbols.export(of: symbol) != nil || $0.symbols.given.contains(symbol) }
    return Finding(
      message.severity,
      at: place.map { SymbolPlace(world: world).export(of: symbol, in: $0.source) }, message.text,
      notes: otherExporter(of: symbol, than: place).map { ["\($0.source) exports it too"] } ?? [])
  }

  /// What explains a message about a reference.
  private func notes(_ message: ModpostMessage, _ symbol: String, _ user: LinkedObject) -> [String] {
    let text = message.text
    if text.hasSuffix("undefined!") { return (parts.missing[symbol] ?? []) + check.taken(symbol) }
    if text.contains("exported without definition") {
      return check.taken(symbol) + ["define it in the module, or drop the export"]
    }
    guard let exporter = otherExporter(of: symbol, than: user), let export = exporter.symbols.export(of: symbol) else {
      return []
    }
    if export.namespace.hasPrefix("module:") {
      return ["\(exporter.source) exports it to \(export.namespace.dropFirst(7)) only"]
    }
    if text.contains("namespace") {
      return ["\(exporter.source) exports it there: add MODULE_IMPORT_NS(\"\(export.namespace)\") to the module"]
    }
    if text.contains("GPL-only") { return ["\(exporter.source) exports it with EXPORT_SYMBOL_GPL"] }
    return []
  }

  private func otherExporter(of symbol: String, than object: LinkedObject?) -> LinkedObject? {
    (check.changes.after + parts.providers.sorted { $0.object < $1.object }).first {
      $0.object != object?.object && $0.symbols.export(of: symbol) != nil
    }
  }

  /// The image or module that a message is about; nil when it names none that is looked at.
  private func target(_ message: ModpostMessage) -> LinkTarget? {
    guard let name = message.module else { return nil }
    return judged.first { target in
      switch target {
      case .module(let path): path == name || target.moduleName == name
      case .builtIn: name == "vmlinux"
      case .separate: false
      }
    }
  }
}

extension ModpostMessage {
  /// The symbol that a message names.
  fileprivate var symbol: String? {
    text.firstMatch(of: #/"(\w+)" \[|'(\w+)'|symbol (\w+)|-> (\w+) \(section/#).flatMap { match in
      (match.1 ?? match.2 ?? match.3 ?? match.4).map(String.init)
    }
  }

  /// The image or module that a message names, by its path without suffix or by the last part of it.
  fileprivate var module: String? {
    text.firstMatch(
      of: #/\[([^\]]+)\.ko\]|^(?:GPL-incompatible )?module ([^\s]+?)(?:\.ko)? uses| in ([^\s]+)\.o$|^([\w\/-]+): /#
    )
    .flatMap { match in (match.1 ?? match.2 ?? match.3 ?? match.4).map(String.init) }
  }
}
