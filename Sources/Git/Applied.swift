public import Diagnostics

/// What applying a patch gave.
public struct Applied: Hashable, Sendable {
  public var tree: ObjectID
  /// What is odd about a patch that applies: its text is not what its `index` lines say it is.
  public var warnings: [Finding]
}
