import CSource
import Diagnostics
import Kbuild

/// The problems with what the state defines and exports.
extension LinkCheck {
  /// Exports of static symbols.
  func localExports() -> [Finding] {
    changes.objects.flatMap { change in
      guard let after = change.after else { return [Finding]() }
      return Self.local(after).subtracting(change.before.map(Self.local) ?? []).map { symbol in
        Finding(
          at: SymbolPlace(world: world).export(of: symbol, in: change.source),
          "\(change.target.moduleName): local symbol '\(symbol)' was exported",
          notes: ["drop the static, or the export"])
      }
    }
  }

  private static func local(_ symbols: ObjectSymbols) -> Set<String> {
    Set(symbols.exports.map(\.name)).subtracting(symbols.defined).subtracting(symbols.weakDefined)
      .subtracting(symbols.undefined).subtracting(symbols.weakUndefined)
  }

  /// Symbols that another object of the kernel or of any module exports as well.
  func twiceExported() async throws(Failure) -> [Finding] {
    var found: [Finding] = []
    for change in changes.objects {
      for symbol in Self.newlyExported(change).sorted() {
        guard let other = try await otherExporter(of: symbol, than: change) else { continue }
        found.append(
          Finding(
            at: SymbolPlace(world: world).export(of: symbol, in: change.source),
            "\(change.target.moduleName): '\(symbol)' exported twice. Previous export was in \(other.target.name)",
            notes: ["\(other.source) exports it too"]))
      }
    }
    return found
  }

  private func otherExporter(
    of symbol: String, than change: ObjectChange
  ) async throws(Failure) -> LinkedObject? {
    func isOther(_ object: LinkedObject) -> Bool {
      object.object != change.object && object.target != .separate && object.symbols.export(of: symbol) != nil
    }
    // If both exports are new, report only the first.
    if let other = changes.providers(of: symbol).first(where: isOther) {
      let isNew = changes.objects.contains { $0.object == other.object && Self.newlyExported($0).contains(symbol) }
      return isNew && other.object < change.object ? nil : other
    }
    for path in try await world.files(naming: symbol) where changes.objects(of: path) == nil && !path.hasSuffix(".h") {
      guard isPossible(path, change), world.contents(of: path).map({ SymbolMentions.exports(symbol, in: $0) }) == true
      else { continue }
      if let other = try await resolver.search.objects(of: path).first(where: isOther) { return other }
    }
    return nil
  }

  /// Symbols that another object of the same link target defines as well.
  func twiceDefined() async throws(Failure) -> [Finding] {
    var found: [Finding] = []
    for change in changes.objects {
      let given = Self.newlyGiven(change).intersection(change.after?.defined ?? [])
      for symbol in given.sorted() {
        guard let other = try await otherDefiner(of: symbol, than: change) else { continue }
        let owner = change.target.isModule ? " in \(change.target.name)" : ""
        found.append(
          Finding(
            at: SymbolPlace(world: world).definition(of: symbol, in: change.source),
            "duplicate symbol: \(symbol)\(owner)", notes: ["\(other.source) defines it too"]))
      }
    }
    return found
  }

  private func otherDefiner(
    of symbol: String, than change: ObjectChange
  ) async throws(Failure) -> LinkedObject? {
    func isOther(_ object: LinkedObject) -> Bool {
      object.object != change.object && object.target == change.target && object.symbols.defined.contains(symbol)
    }
    if let other = changes.providers(of: symbol).first(where: isOther) {
      let isNew = changes.objects.contains { $0.object == other.object && Self.newlyGiven($0).contains(symbol) }
      return isNew && other.object < change.object ? nil : other
    }
    // The linker takes from a library only what is missing, so an architecture may have its own version of a function.
    if Self.isLibrary(change.source) { return nil }
    for (path, mentions) in try await resolver.search.definitions(of: symbol) {
      guard mentions.defines, changes.objects(of: path) == nil, !path.hasSuffix(".h"), isPossible(path, change),
        !Self.isLibrary(path), try await world.targets(of: path).contains(change.target)
      else { continue }
      if let other = try await resolver.search.objects(of: path).first(where: isOther) { return other }
    }
    return nil
  }

  private func isPossible(_ path: String, _ change: ObjectChange) -> Bool {
    change.after.map { SymbolSearch<World>.isPossible(path, $0) } ?? true
  }

  private static func isLibrary(_ path: String) -> Bool { path.hasPrefix("lib/") || path.contains("/lib/") }
}
