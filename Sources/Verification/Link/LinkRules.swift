import Diagnostics
import Kbuild

/// What modpost and the final link would report about a state of the tree, in one lane, without building a kernel.
///
/// Only what the state introduces is found: a reference that does not link, an export or a definition removed while
/// others still use it, an invalid export, a symbol defined or exported twice. Objects decide; text only tells which
/// objects to ask.
struct LinkRules<World: LinkWorld>: Sendable {
  let world: World
  let known: KnownImports

  /// - Parameter known: what objects of the base refer to, without the symbols that earlier states have touched
  ///   (`KnownImports.forgetting`).
  init(world: World, known: KnownImports = KnownImports()) {
    self.world = world
    self.known = known
  }

  /// The symbols whose definition or export a state removes or narrows.
  static func touched(by changes: [ObjectChange]) -> Set<String> {
    let changes = LinkChanges(changes)
    return changes.narrowedExports.union(changes.lostDefinitions)
  }

  /// What the state breaks, in the order of files and lines.
  func findings(for changes: [ObjectChange]) async throws(Failure) -> [Finding] {
    let check = LinkCheck(world: world, changes: LinkChanges(changes), known: known)
    return try await check.findings()
  }
}
