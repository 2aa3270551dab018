/// One hunk of a unified diff.
public struct Hunk: Hashable, Sendable {
  /// A line of the hunk.
  public struct Line: Hashable, Sendable {
    /// Whether a line is in both files or in one of them.
    public enum Kind: Hashable, Sendable {
      case context, added, removed
    }

    /// Which of the two files have the line.
    public var kind: Kind
    /// The bytes of the source line, including its newline unless the file ends without one.
    public var content: [UInt8]
    /// The line's number in the patch file, one-based.
    public var number: Int

    /// A line of this kind.
    public init(kind: Kind, content: [UInt8], number: Int) {
      self.kind = kind
      self.content = content
      self.number = number
    }
  }

  /// The first line of the hunk in the old file, one-based; 0 if the hunk has no old lines and starts the file.
  public var oldStart: Int
  /// The number of lines that the hunk has in the old file.
  public var oldCount: Int
  /// The first line of the hunk in the new file, one-based, as the header states it.
  public var newStart: Int
  /// The number of lines that the hunk has in the new file.
  public var newCount: Int
  /// The text after the second `@@`: usually the function that contains the hunk.
  public var heading: String
  /// Context, removed and added lines, in the order of the patch.
  public var lines: [Line]
  /// The number of the hunk's `@@` line in the patch file, one-based.
  public var number: Int

  /// A hunk with these lines.
  public init(
    oldStart: Int, oldCount: Int, newStart: Int, newCount: Int, heading: String = "", lines: [Line] = [],
    number: Int = 0
  ) {
    self.oldStart = oldStart
    self.oldCount = oldCount
    self.newStart = newStart
    self.newCount = newCount
    self.heading = heading
    self.lines = lines
    self.number = number
  }

  /// The `@@ … @@` part of the hunk's header, as git writes it.
  public var range: String {
    func side(_ start: Int, _ count: Int) -> String { count == 1 ? "\(start)" : "\(start),\(count)" }
    return "@@ -\(side(oldStart, oldCount)) +\(side(newStart, newCount)) @@"
  }

  /// The lines that the hunk expects in the old file.
  public var preimage: [Line] {
    lines.filter { $0.kind != .added }
  }

  /// The lines that the hunk leaves in the new file.
  public var postimage: [Line] {
    lines.filter { $0.kind != .removed }
  }

  /// The index of the hunk's first old line in the old file, zero-based. A hunk without old lines names the line
  /// *before* it, so its index is one higher.
  public var oldIndex: Int {
    oldCount == 0 ? oldStart : oldStart - 1
  }
}
