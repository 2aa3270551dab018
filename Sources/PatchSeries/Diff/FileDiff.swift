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

/// What happened to a file between two trees.
public enum FileStatus: String, Hashable, Sendable, Codable {
  case added, deleted, modified, renamed, copied
}

/// The kind of a tree entry, with the number git stores for it.
public enum FileMode: Int32, Hashable, Sendable, Codable, CaseIterable {
  case directory = 0o040000
  case regular = 0o100644
  case executable = 0o100755
  case symlink = 0o120000
  case submodule = 0o160000

  /// The mode for an octal number as patches write it ("100644"), or nil for one git never writes.
  public init?(octal: some StringProtocol) {
    guard let number = Int32(octal, radix: 8) else { return nil }
    self.init(rawValue: number)
  }

  /// The mode for the number of a tree's record or a patch. Old tools wrote 100664 and the like, which git reads as one
  /// of its two modes for files.
  public init?(stored number: Int32) {
    if let mode = FileMode(rawValue: number) {
      self = mode
    } else if number & 0o170000 == 0o100000 {
      self = number & 0o100 == 0 ? .regular : .executable
    } else {
      return nil
    }
  }

  /// Six octal digits, as patches write it.
  public var octal: String {
    let digits = String(rawValue, radix: 8)
    return String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// Regular and executable files are the same kind of thing; a symlink or a submodule is another.
  public var isFile: Bool {
    self == .regular || self == .executable
  }
}
