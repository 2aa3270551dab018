import Diagnostics

/// One mail of a series: its header, its text, and where its diff stands in the file.
struct Message {
  let file: String
  let subject: SubjectLine
  /// One-based, in the file.
  let subjectLine: Int
  private let author: Signature
  private let body: String
  private let notes: String
  private let diff: ArraySlice<UInt8>
  /// One-based, in the file; nil if the message has no diff.
  private let diffLine: Int?

  init(_ lines: Lines, _ range: Range<Int>, file: String) throws(Failure) {
    func malformed(_ message: String, line: Int? = nil, notes: [String] = []) -> Failure {
      Failure(.input, at: Place(file, line: (line ?? range.lowerBound) + 1), message, notes: notes)
    }
    self.file = file
    var at = range.lowerBound
    if at < range.upperBound, lines[at].begins(with: "From ") { at += 1 }
    let start = at
    let header = MailHeader(lines, at: &at)
    guard let subject = header["Subject"], !subject.isEmpty else {
      throw malformed("message has no Subject", notes: ["expected git format-patch's output"])
    }
    let subjectLine = (start..<at).first { MailHeader.field(lines.content($0))?.name == "subject" } ?? start
    self.subjectLine = subjectLine + 1
    self.subject = SubjectLine(subject)
    if let encoding = header["Content-Transfer-Encoding"]?.lowercased(), !["7bit", "8bit", "binary"].contains(encoding)
    {
      throw malformed(
        "message is encoded as \(encoding)",
        notes: ["save it decoded, as b4 am does, or write it with git format-patch"])
    }
    if header["Content-Type"]?.lowercased().hasPrefix("multipart/") == true {
      throw malformed("message has several parts", notes: ["save the part that is the patch"])
    }

    // A `From:` at the top of the text names the author where somebody else sent the mail.
    var sender = header["From"]
    while at < range.upperBound, lines[at].trimmedEnd.isEmpty { at += 1 }
    var inBody = at
    let second = MailHeader(lines, at: &inBody)
    if let from = second["From"], inBody <= range.upperBound {
      sender = from
      at = inBody
    }
    guard let from = sender, let person = MailHeader.person(from) else {
      throw malformed("message has no From with an address")
    }
    let date = (second["From"] == nil ? nil : second["Date"]) ?? header["Date"]
    guard let moment = date.flatMap(MailDate.parse) else {
      throw malformed(date.map { "unreadable date '\($0)'" } ?? "message has no Date")
    }
    author = Signature(
      name: person.name, email: person.email, seconds: moment.seconds, offsetMinutes: moment.offsetMinutes)

    let text = Self.parts(lines, at..<range.upperBound)
    body = Self.text(lines, text.body)
    notes = Self.text(lines, text.notes)
    diff = text.diff.map { lines[$0] } ?? []
    diffLine = text.diff.map { $0.lowerBound + 1 }
  }

  /// Where the message's text, the notes below its `---`, and its diff stand. As for `git am`, the text ends at the
  /// first line that starts a diff, or is `---`.
  private static func parts(
    _ lines: Lines, _ range: Range<Int>
  ) -> (body: Range<Int>, notes: Range<Int>, diff: Range<Int>?) {
    let diff = range.first { startsDiff(lines, $0) }
    let limit = diff ?? range.upperBound
    let dashes = (range.lowerBound..<limit).first { lines[$0].trimmedEnd.elementsEqual("---".utf8) }
    let end = dashes ?? limit
    let below = min(end + 1, limit)..<limit
    let stat = below.first { isStat(lines[$0]) } ?? limit
    return (range.lowerBound..<end, below.lowerBound..<stat, diff.map { $0..<range.upperBound })
  }

  private static func startsDiff(_ lines: Lines, _ index: Int) -> Bool {
    lines[index].begins(with: "diff -")
      || (lines[index].begins(with: "--- ") && index + 1 < lines.count && lines[index + 1].begins(with: "+++ "))
  }

  /// ` drivers/iommu/iommu.c | 12 ++++--`, or the line of totals.
  static func isStat(_ line: ArraySlice<UInt8>) -> Bool {
    guard line.first == 0x20 else { return false }
    let words = line.split { $0.isSpace }
    if words.count >= 3, words[1].begins(with: "file"), words[2].begins(with: "changed") { return true }
    guard let bar = words.lastIndex(where: { $0.elementsEqual("|".utf8) }), bar > 0, bar + 1 < words.count else {
      return false
    }
    return words[bar + 1].allSatisfy(\.isDigit) || words[bar + 1].elementsEqual("Bin".utf8)
  }

  private static func text(_ lines: Lines, _ range: Range<Int>) -> String {
    let found = range.drop { lines[$0].trimmedEnd.isEmpty }
    return found.map { lines.content($0).text }.joined(separator: "\n").trimmedLineEnds
  }

  var cover: CoverLetter {
    CoverLetter(subject: subject.subject, blurb: Shortlog.removed(from: body), author: author)
  }

  /// The patch, `number` of `total` unless its subject says otherwise.
  func patch(number: Int, of total: Int) throws(Failure) -> Patch {
    guard let diffLine else {
      throw Failure(
        .input, at: Place(file, line: subjectLine), "message '\(subject.subject)' holds no diff",
        notes: ["the cover letter of a series is number 0 of its patches"])
    }
    let diffs = try DiffReader.read(Array(diff), file: file, firstLine: diffLine)
    // What follows the diff is the mail's signature.
    let bytes = diff.prefix(diffs.last?.bytes.upperBound ?? 0)
    return Patch(
      subject: subject.subject, author: author, body: body, number: subject.number ?? number,
      total: subject.total ?? total, reroll: subject.reroll, notes: notes, diff: Array(bytes),
      files: diffs.map { FileStat($0) }, fileName: file, diffLine: diffLine)
  }
}

extension String {
  fileprivate var trimmedLineEnds: String {
    Array(utf8).trimmedEnd.text
  }
}
