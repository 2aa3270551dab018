/// A checked-out kernel that nothing writes to.
public struct SourceTree: Sendable, Hashable {
  /// The absolute path of the folder.
  public var path: String
  /// The id of the git tree it holds.
  public var tree: String

  public init(path: String, tree: String) {
    self.path = path
    self.tree = tree
  }
}

/// A lane configured for one source tree, with the headers Kbuild generates: ready to compile single units.
public struct PreparedLane: Sendable, Hashable {
  public var lane: Lane
  public var source: SourceTree
  /// The absolute path of the folder Kbuild writes to (`O=`).
  public var build: String
  /// What everything compiled here depends on, besides the sources themselves: a hash of the tree and its place, the
  /// lane and the compiler.
  public var identity: String

  public init(lane: Lane, source: SourceTree, build: String, identity: String) {
    self.lane = lane
    self.source = source
    self.build = build
    self.identity = identity
  }
}
