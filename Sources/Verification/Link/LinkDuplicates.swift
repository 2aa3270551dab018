import CSource
import Diagnostics
import Kbuild

/// Symbols that a state defines or exports although another object does so, too.
extension LinkCheck {
  /// The objects that a state leaves alone and that export what it newly exports.
  func otherExporters() async throws(Failure) -> [LinkedObject] {
    var found: [LinkedObject] = []
    for change in changes.objects {
      for symbol in Self.newlyExported(change).sorted() {
        for path in try await world.files(naming: symbol)
        where changes.objects(of: path) == nil && !path.hasSuffix(".h") {
          guard isPossible(path, change),
            world.contents(of: path).map({ SymbolMentions.exports(symbol, in: $0) }) == true
          else { continue }
          found += try await resolver.search.objects(of: path).filter { object in
            object.target != .separate && object.symbols.export(of: symbol) != nil
          }
        }
      }
    }
    return found
  }

  /// Symbols that another object of the same link target defines as well.
  func twiceDefined() async throws(Failure) -> [Finding] {
    var found: [Finding] = []
    for change in changes.objects {
      let given = Self.newlyGiven(change).intersection(change.after?.symbols.defined ?? [])
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
    change.after.map { SymbolSearch<World>.isPossible(path, $0.symbols) } ?? true
  }

  private static func isLibrary(_ path: String) -> Bool { path.hasPrefix("lib/") || path.contains("/lib/") }
}
