public import Diagnostics
import PatchSeries

/// The result of applying a patch.
public struct Applied: Hashable, Sendable {
  /// The id of the new tree.
  public var tree: ObjectID
  /// Oddities of a patch that applies: its text contradicts its `index` lines, or hunks moved.
  public var warnings: [Finding]
  /// How many lines further down each hunk that moved applies; negative further up.
  public var distances: [Int]

  /// A result of another program than git.
  public init(tree: ObjectID, warnings: [Finding], distances: [Int]) {
    (self.tree, self.warnings, self.distances) = (tree, warnings, distances)
  }
}

/// Where a hunk may apply in a file.
public enum HunkPlacement: Sendable {
  /// Exactly at the line in its header.
  case stated
  /// Where `git apply` finds all its lines, at an offset if need be.
  case asGit
}

extension Repository {
  /// Applies a patch exactly to a tree and returns the new tree's id. The tree exists in this instance only.
  ///
  /// Every hunk's old lines must match the file byte for byte, exactly at the line in the hunk's header.
  ///
  /// - Parameters:
  ///   - patch: a diff, or a whole patch file; text before the diff is skipped.
  ///   - name: the name of the patch's file, for the place of findings.
  ///   - firstLine: the number of `patch`'s first line in that file.
  /// - Throws: status `.falls` with a finding for each hunk or file that does not apply; `.input` for a patch that
  ///   cannot be read, or that holds no diff.
  public func apply(
    _ patch: [UInt8], to tree: ObjectID, name: String, firstLine: Int = 1
  ) throws(Failure) -> ObjectID {
    try applying(patch, to: tree, name: name, firstLine: firstLine).tree
  }

  /// Applies a patch like `apply`, and warns if its text contradicts its `index` lines.
  ///
  /// If the old id of an `index` line is the tree's blob, its new id must be the result. Otherwise the patch was changed
  /// after git wrote it. That is only a warning: like `git am`, this applies the lines as they are. If the old id is
  /// another blob, the patch was made on another base, and the line proves nothing.
  ///
  /// - Parameter placement: where hunks may apply. A hunk that does not apply at its stated line is a warning.
  public func applying(
    _ patch: [UInt8], to tree: ObjectID, name: String, firstLine: Int = 1, placement: HunkPlacement = .stated
  ) throws(Failure) -> Applied {
    let diffs = try DiffReader.read(patch, file: name, firstLine: firstLine)
    guard !diffs.isEmpty else {
      throw Failure(.input, at: Place(name), "patch holds no diff")
    }
    let application = try PatchApplication(
      of: diffs, in: patch, name: name, to: tree, in: self, placement: placement)
    guard application.findings.isEmpty else { throw Failure(.falls, application.findings) }
    return Applied(
      tree: try application.writeTree(), warnings: application.warnings, distances: application.distances)
  }
}
