/// A run of states that share one configuration. It begins at the base, or where a patch changes what Kbuild itself
/// reads.
public struct Epoch: Sendable {
  /// The tree the lanes are configured for: the epoch's first state, on disk.
  public let root: BaseTree
  /// The states it serves; 0 is the base.
  public let states: ClosedRange<Int>
  /// By state, how it differs from the root.
  private let changes: [Int: FileChanges]

  /// - Parameter overlays: by state, how it differs from the series' base.
  init(root: BaseTree, states: ClosedRange<Int>, overlays: [Int: FileChanges], base: BaseTree) {
    self.root = root
    self.states = states
    let first = overlays[states.lowerBound] ?? [:]
    changes = Dictionary(
      uniqueKeysWithValues: states.map { ($0, Self.difference(from: first, to: overlays[$0] ?? [:], base)) })
  }

  /// How a state differs from the root; empty for a state of another epoch.
  public func changes(at state: Int) -> FileChanges { changes[state] ?? [:] }

  private static func difference(from first: FileChanges, to other: FileChanges, _ base: BaseTree) -> FileChanges {
    var result = other.filter { first[$0.key] != $0.value }
    // A file that only the first state changed is the base's in the other.
    for path in first.keys where other[path] == nil {
      result[path] = base.contents(of: path).map { .contents(id: "base:\(base.id)", bytes: $0) } ?? .deleted
    }
    return result
  }
}
