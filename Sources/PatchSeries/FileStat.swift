/// How much one file changed: a line of a diffstat.
public struct FileStat: Hashable, Sendable {
  /// The file's path after the change; for a deleted file, before it.
  public var path: String
  /// The path before the change, for a rename or copy.
  public var oldPath: String?
  /// What happens to the file as a whole.
  public var status: FileStatus
  /// Lines added; for a binary file, its size in bytes after the change.
  public var added: Int
  /// Lines deleted; for a binary file, its size in bytes before the change.
  public var deleted: Int
  /// Whether the file is binary; the counts are bytes then, not lines.
  public var binary: Bool
  /// The mode before the change, nil for a new file.
  public var oldMode: FileMode?
  /// The mode after the change, nil for a deleted file.
  public var mode: FileMode?
  /// How alike the two files of a rename or copy are, in percent.
  public var similarity: Int?

  /// The numbers of one file.
  public init(
    path: String, oldPath: String? = nil, status: FileStatus, added: Int, deleted: Int, binary: Bool = false,
    oldMode: FileMode?, mode: FileMode?, similarity: Int? = nil
  ) {
    self.path = path
    self.oldPath = oldPath
    self.status = status
    self.added = added
    self.deleted = deleted
    self.binary = binary
    self.oldMode = oldMode
    self.mode = mode
    self.similarity = similarity
  }
}

extension FileStat {
  /// The statistics of a parsed diff. Binary files count as of size 0, since a patch does not always tell it.
  public init(_ diff: FileDiff) {
    let lines = diff.hunks.lazy.flatMap(\.lines)
    self.init(
      path: diff.path, oldPath: diff.status == .renamed || diff.status == .copied ? diff.oldPath : nil,
      status: diff.status, added: lines.count { $0.kind == .added }, deleted: lines.count { $0.kind == .removed },
      binary: diff.binary, oldMode: diff.oldMode, mode: diff.status == .deleted ? nil : diff.newMode ?? diff.oldMode,
      similarity: diff.similarity)
  }
}
