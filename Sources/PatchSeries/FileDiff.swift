/// What a patch does to one file.
public struct FileDiff: Hashable, Sendable {
  /// The path before the change, nil for a new file.
  public var oldPath: String?
  /// The path after the change, nil for a deleted file.
  public var newPath: String?
  /// What happens to the file as a whole.
  public var status: FileStatus
  /// The modes the patch states. A plain diff, without git's extended headers, states none.
  public var oldMode: FileMode?
  /// The mode after the change; nil where the patch states none.
  public var newMode: FileMode?
  /// The blob ids of the `index` line, as abbreviated there. An absent side is all zeros.
  public var oldID: String?
  /// The blob id after the change; nil without an `index` line.
  public var newID: String?
  /// Percent, for a rename or copy.
  public var similarity: Int?
  /// Whether the file is binary: it has no hunks then, but an encoded part or none.
  public var binary: Bool
  /// The hunks, in the order of the file.
  public var hunks: [Hunk]
  /// Where the file's part starts in the patch file (its `diff --git` line), one-based.
  public var number: Int
  /// The bytes of the file's part, in the bytes that were parsed.
  public var bytes: Range<Int>

  /// The path after the change; for a deleted file, before it.
  public var path: String {
    newPath ?? oldPath ?? ""
  }

  /// The lines of the new file that the patch adds, one-based.
  public var addedLines: [Int] {
    hunks.flatMap { hunk in
      zip(hunk.postimage, hunk.newStart...).filter { $0.0.kind == .added }.map(\.1)
    }
  }

  /// The lines of the old file that the patch removes, one-based.
  public var removedLines: [Int] {
    hunks.flatMap { hunk in
      zip(hunk.preimage, hunk.oldStart...).filter { $0.0.kind == .removed }.map(\.1)
    }
  }
}
