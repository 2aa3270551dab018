/// What a diff does, without where it does it: the lines that it removes and adds in each file, white space apart.
///
/// That is what a reviewer of the patch has agreed to. On another base the lines may have moved and what stands around
/// them may be new: `git range-diff` shows that and `git patch-id` gives another id, but the patch does the same.
public struct ChangedLines: Hashable, Sendable {
  private struct File: Hashable, Sendable {
    var status: FileStatus
    var oldPath: String?
    var mode: FileMode?
    /// The blob after the change, of which a binary diff shows no lines.
    var binaryID: String?
    var lines: [Line]
  }

  private struct Line: Hashable, Sendable {
    var kind: Hunk.Line.Kind
    var text: [UInt8]
  }

  private var files: [String: File] = [:]

  /// The lines that some files of a patch change.
  public init(_ diffs: [FileDiff]) {
    for diff in diffs {
      let changed = diff.hunks.lazy.flatMap(\.lines).filter { $0.kind != .context }
      let lines = changed.map { Line(kind: $0.kind, text: $0.content.filter { !$0.isSpace }) }
      files[diff.path] = File(
        status: diff.status, oldPath: diff.oldPath, mode: diff.newMode, binaryID: diff.binary ? diff.newID : nil,
        lines: lines.filter { !$0.text.isEmpty })
    }
  }

  /// The files to which another diff does something else, sorted.
  public func paths(changedIn other: ChangedLines) -> [String] {
    Set(files.keys).union(other.files.keys).filter { files[$0] != other.files[$0] }.sorted()
  }
}
