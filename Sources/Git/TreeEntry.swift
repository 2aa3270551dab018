public import PatchSeries

/// One name in a directory of a tree.
public struct TreeEntry: Hashable, Sendable {
  public var name: String
  public var id: ObjectID
  public var mode: FileMode

  public init(name: String, id: ObjectID, mode: FileMode) {
    self.name = name
    self.id = id
    self.mode = mode
  }
}
