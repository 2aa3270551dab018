/// The change that a patch makes to one file.
public struct FileDiff: Hashable, Sendable {
  /// The path before the change, nil for a new file.
  public var oldPath: String?
  /// The path after the change, nil for a deleted file.
  public var newPath: String?
  /// The kind of change: added, modified, renamed and so on.
  public var status: FileStatus
  /// The mode before the change; nil if the patch states none, as in a plain diff without git's extended headers.
  public var oldMode: FileMode?
  /// The mode after the change; nil if the patch states none.
  public var newMode: FileMode?
  /// The blob id before the change, abbreviated as on the `index` line. An id of all zeros means that there is no file.
  public var oldID: String?
  /// The blob id after the change; nil without an `index` line.
  public var newID: String?
  /// The similarity in percent, for a rename or copy.
  public var similarity: Int?
  /// Whether the file is binary. If so, it has no hunks, but may have an encoded patch.
  public var binary: Bool
  /// The hunks, in the order of the file.
  public var hunks: [Hunk]
  /// The number of the diff's first line (`diff --git`) in the patch file, one-based.
  public var number: Int
  /// The range of this diff in the parsed bytes.
  public var bytes: Range<Int>
  /// Whether a folder like `a/` was in front of the paths.
  public var hasPrefix = true
  /// Whether the file may be new although the status is `modified`: a plain diff of a single addition says neither.
  public var mayBeNew = false

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

/// How a file differs between two trees.
public enum FileStatus: String, Hashable, Sendable, Codable {
  case added, deleted, modified, renamed, copied
}

/// The kind of a tree entry, with the number that git stores for it.
public enum FileMode: Int32, Hashable, Sendable, Codable, CaseIterable {
  case directory = 0o040000
  case regular = 0o100644
  case executable = 0o100755
  case symlink = 0o120000
  case submodule = 0o160000

  /// The mode for an octal number as in patches ("100644"); nil for one that git never writes.
  public init?(octal: some StringProtocol) {
    guard let number = Int32(octal, radix: 8) else { return nil }
    self.init(rawValue: number)
  }

  /// The mode for a number from a tree entry or a patch. Old tools wrote 100664 and the like, which git reads as one of
  /// its two file modes.
  public init?(stored number: Int32) {
    if let mode = FileMode(rawValue: number) {
      self = mode
    } else if number & 0o170000 == 0o100000 {
      self = number & 0o100 == 0 ? .regular : .executable
    } else {
      return nil
    }
  }

  /// The mode in six octal digits, as in patches.
  public var octal: String {
    let digits = String(rawValue, radix: 8)
    return String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// Whether the entry is a regular or executable file, rather than a symlink, a submodule or a directory.
  public var isFile: Bool {
    self == .regular || self == .executable
  }
}
