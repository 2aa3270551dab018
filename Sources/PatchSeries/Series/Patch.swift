public import Diagnostics

/// One patch of a series: a commit as mailed.
public struct Patch: Hashable, Sendable {
  /// The commit's subject, without the prefix `[PATCH n/m]`.
  public var subject: String
  /// The author of the patch, and the author date.
  public var author: Signature
  /// The commit message below the subject, including trailers, without a newline at the end.
  public var body: String
  /// The patch's number in the series, one-based.
  public var number: Int
  /// The number of patches in the series.
  public var total: Int
  /// The version of the series, 1 for the first.
  public var reroll: Int
  /// The text between the `---` line and the diffstat, for readers of the mail only.
  public var notes: String
  /// The diff, from its `diff --git` line on.
  public var diff: [UInt8]
  /// The files that the diff changes, for the diffstat.
  public var files: [FileStat]
  /// The file that the patch was read from, or will be written to.
  public var fileName: String
  /// The name, in findings, of the text that contains the diff: the file, or the text that git decoded from it.
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

  /// The whole commit message.
  public var message: String {
    body.isEmpty ? subject + "\n" : subject + "\n\n" + body + "\n"
  }

  /// The parsed diff. Its lines are numbered as in the text that contains it.
  public func fileDiffs() throws(Failure) -> [FileDiff] {
    try DiffReader.read(diff, file: diffName, firstLine: diffLine)
  }
}

/// The file names that `git format-patch` chooses.
public enum PatchName {
  /// `FORMAT_PATCH_NAME_MAX`: the longest name, including the NUL that ends a C string.
  private static let limit = 64

  /// `0001-iommu-add-a-callback.patch`, or `v2-0001-…` for a reroll.
  public static func patch(_ number: Int, subject: String, reroll: Int = 1) -> String {
    let prefix = (reroll > 1 ? "v\(reroll)-" : "") + padded(number, to: 4) + "-"
    let suffix = ".patch"
    let name = Array(prefix.utf8) + slug(subject)
    return name.prefix(limit - suffix.utf8.count - 1).text + suffix
  }

  /// `0000-cover-letter.patch`.
  public static func cover(reroll: Int = 1) -> String {
    patch(0, subject: "cover-letter", reroll: reroll)
  }

  /// The subject with each run of characters other than letters, digits, `.` and `_` replaced by a dash.
  private static func slug(_ subject: String) -> [UInt8] {
    var slug: [UInt8] = []
    var dash = false
    for byte in subject.utf8 {
      guard byte.isAlphanumeric || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") else {
        dash = true
        continue
      }
      if dash, !slug.isEmpty { slug.append(UInt8(ascii: "-")) }
      // Two dots in a row would name a range of revisions.
      if byte != UInt8(ascii: ".") || dash || slug.last != byte { slug.append(byte) }
      dash = false
    }
    while let last = slug.last, last == UInt8(ascii: ".") || last == UInt8(ascii: "-") { slug.removeLast() }
    return slug
  }
}
