public import PatchSeries

/// What differs between two trees, as text and as numbers.
public struct Diff: Hashable, Sendable {
  /// The diff as `git format-patch --abbrev=12` prints it, from the first `diff --git` line on.
  public var text: [UInt8]
  /// One entry for each file, in the text's order.
  public var files: [FileStat]
}
