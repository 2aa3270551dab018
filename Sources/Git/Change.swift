public import PatchSeries

/// A file that differs between two trees.
public struct Change: Hashable, Sendable {
  /// The path after the change; for a deleted file, before it.
  public var path: String
  /// The path before the change, for a rename.
  public var oldPath: String?
  public var status: FileStatus
  /// Nil for an added file.
  public var oldID: ObjectID?
  /// Nil for a deleted file.
  public var newID: ObjectID?
  /// Nil for an added file.
  public var oldMode: FileMode?
  /// Nil for a deleted file.
  public var newMode: FileMode?
  /// How alike the two files of a rename are, in percent.
  public var similarity: Int?
}
