import CSource
import Diagnostics
import Kbuild

/// The users of something that the state removes.
extension LinkCheck {
  /// How many sources are asked whether they use a symbol.
  private var limit: Int { 8 }

  /// Follows the objects that still refer to a symbol whose export or definition the state removes or narrows.
  func followUsers(of symbol: String, _ parts: inout LinkParts) async throws(Failure) -> [Finding] {
    var found: [Finding] = []
    var hasUsers = false
    for change in changes.objects {
      // A new reference has been followed already.
      guard let user = change.after, user.symbols.needed.contains(symbol),
        change.before?.symbols.needed.contains(symbol) == true
      else { continue }
      hasUsers = true
      found += try await follow(symbol, user, &parts)
    }
    var asked = 0
    for source in try await sources(using: symbol) where changes.objects(of: source) == nil {
      let targets = try await world.targets(of: source)
      guard targets.contains(where: { concerns($0, symbol) }) else { continue }
      if asked == limit {
        if !hasUsers { parts.undecided.append(Self.unasked(source, symbol)) }
        break
      }
      asked += 1
      for user in try await resolver.search.objects(of: source)
      where user.target != .separate && user.symbols.needed.contains(symbol) {
        hasUsers = true
        parts.users.insert(user)
        found += try await follow(symbol, user, &parts)
      }
    }
    return found
  }

  /// Whether the loss of a symbol can matter to a link target: built-in code needs a definition but no export.
  private func concerns(_ target: LinkTarget, _ symbol: String) -> Bool {
    switch target {
    case .separate: false
    case .builtIn: changes.lostDefinitions.contains(symbol) || changes.discarded.contains(symbol)
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
}
