/// The lines that a diff removes and adds in each file, without their positions and white space.
///
/// A reviewer of the patch agreed to these lines. On another base, they may have moved and their context may differ:
/// `git range-diff` shows that, and `git patch-id` gives another id, but the patch does the same.
public struct ChangedLines: Hashable, Sendable {
  private struct File: Hashable, Sendable {
    var status: FileStatus
    var oldPath: String?
    var mode: FileMode?
    /// The blob after the change, for a binary diff, which shows no lines.
    var binaryID: String?
    var lines: [Line]
  }

  private struct Line: Hashable, Sendable {
    var kind: Hunk.Line.Kind
    var text: [UInt8]
  }

  private var files: [String: File] = [:]

  /// The lines that these diffs change.
  public init(_ diffs: [FileDiff]) {
    for diff in diffs {
      let changed = diff.hunks.lazy.flatMap(\.lines).filter { $0.kind != .context }
      let lines = changed.map { Line(kind: $0.kind, text: $0.content.filter { !$0.isSpace }) }
      files[diff.path] = File(
        status: diff.status, oldPath: diff.oldPath, mode: diff.newMode, binaryID: diff.binary ? diff.newID : nil,
        lines: lines.filter { !$0.text.isEmpty })
    }
  }

  /// The paths of the files that the other diff changes in another way, sorted.
  public func paths(changedIn other: ChangedLines) -> [String] {
    Set(files.keys).union(other.files.keys).filter { files[$0] != other.files[$0] }.sorted()
  }
}
