public import Diagnostics
import PatchSeries

/// What applying a patch gave.
public struct Applied: Hashable, Sendable {
  public var tree: ObjectID
  /// What is odd about a patch that applies: its text is not what its `index` lines say it is.
  public var warnings: [Finding]
}

/// Where a hunk may stand in a file.
public enum HunkPlacement: Sendable {
  /// At the very line it states.
  case stated
  /// At the place nearest to that line where all its old lines are, as patch(1) applies a quilt series without fuzz.
  case nearest
}

extension Repository {
  /// Applies a patch to a tree, exactly, and returns the new tree's id. It exists in this instance only.
  ///
  /// Exactly means: every hunk's old lines stand in the file at the very line its header states, byte for byte.
  ///
  /// - Parameters:
  ///   - patch: a diff, or a whole patch file; text before the diff is skipped.
  ///   - name: what to call the patch in a finding's place.
  ///   - firstLine: the number of the first of `patch`'s lines in that file.
  /// - Throws: status `.falls` with a finding for each hunk or file that does not apply; `.input` for a patch that
  ///   cannot be read, or that holds no diff.
  public func apply(
    _ patch: [UInt8], to tree: ObjectID, name: String, firstLine: Int = 1
  ) throws(Failure) -> ObjectID {
    try applying(patch, to: tree, name: name, firstLine: firstLine).tree
  }

  /// As `apply`, and says as well where the patch's text is not what its `index` lines say.
  ///
  /// An `index` line whose old id is the tree's blob states which blob must come out. If another one does, the
  /// patch was changed after git wrote it. That is a warning: what is applied is what the patch's lines say, as with
  /// `git am`. Where the old id is another blob, the patch was made on another base, and nothing can be said.
  /// - Parameter placement: where hunks may stand. One that stands elsewhere than it states is a warning.
  public func applying(
    _ patch: [UInt8], to tree: ObjectID, name: String, firstLine: Int = 1, placement: HunkPlacement = .stated
  ) throws(Failure) -> Applied {
    let diffs = try DiffReader.read(patch, file: name, firstLine: firstLine)
    guard !diffs.isEmpty else {
      throw Failure(.input, at: Place(name), "patch holds no diff")
    }
    var application = PatchApplication(repository: self, base: tree, patch: patch, name: name, placement: placement)
    for diff in diffs { try application.add(diff) }
    try application.checkFolders(diffs)
    guard application.findings.isEmpty else { throw Failure(.falls, application.findings) }
    return Applied(tree: try application.writeTree(), warnings: application.warnings)
  }
}
