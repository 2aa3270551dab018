public import Diagnostics

/// One patch of a series: a commit as it is mailed.
public struct Patch: Hashable, Sendable {
  /// The commit's subject, without the `[PATCH n/m]` in front of it.
  public var subject: String
  /// Who wrote the patch, and when.
  public var author: Signature
  /// The commit's message below the subject, trailers included; no newline at the end.
  public var body: String
  /// Which patch of the series it is, one-based.
  public var number: Int
  /// How many patches the series has.
  public var total: Int
  /// The version of the series, 1 for the first.
  public var reroll: Int
  /// What stands between the `---` line and the diffstat, for the reader of the mail only.
  public var notes: String
  /// The diff, from its `diff --git` line on.
  public var diff: [UInt8]
  /// What the diff changes, for the diffstat.
  public var files: [FileStat]
  /// The file it was read from, or is to be written to.
  public var fileName: String
  /// What a finding calls the text that the diff stands in: the file, or what git decoded of it.
  public var diffName: String
  /// The number of the diff's first line in that text, one-based.
  public var diffLine: Int

  /// A patch with this message and diff.
  public init(
    subject: String, author: Signature, body: String, number: Int = 1, total: Int = 1, reroll: Int = 1,
    notes: String = "", diff: [UInt8], files: [FileStat], fileName: String? = nil, diffName: String? = nil,
    diffLine: Int = 1
  ) {
    self.subject = subject
    self.author = author
    self.body = body
    self.number = number
    self.total = total
    self.reroll = reroll
    self.notes = notes
    self.diff = diff
    self.files = files
    self.fileName = fileName ?? PatchName.patch(number, subject: subject, reroll: reroll)
    self.diffName = diffName ?? self.fileName
    self.diffLine = diffLine
  }

  /// The commit's whole message.
  public var message: String {
    body.isEmpty ? subject + "\n" : subject + "\n\n" + body + "\n"
  }

  /// The diff, parsed; lines are numbered as in the text it stands in.
  public func fileDiffs() throws(Failure) -> [FileDiff] {
    try DiffReader.read(diff, file: diffName, firstLine: diffLine)
  }
}
