import Diagnostics

/// One mail, taken apart as `git am` does: its header, its text, and its diff.
///
/// A mailing list's thread holds more than patches. So what a message lacks is an error only once it is asked for its
/// patch.
struct Message {
  let file: String
  let subject: SubjectLine
  /// One-based, in the file.
  let subjectLine: Int
  /// Without the angle brackets.
  let id: String?
  /// The messages this one answers.
  let references: [String]
  let text: MailText
  /// Whether the header's lines end in CR LF, as they do where the transport's line ends were kept.
  let headerEndsInCRLF: Bool
  private let header: MailHeader
  private let inBody: InBodyHeader
  private let parts: Parts
  /// Why the text cannot be read as a patch.
  private let refusal: Failure?

  /// A patch takes a few megabytes at most; what is beyond this is no mail.
  private static let mostBytes = 64 << 20
  private static let mostLines = 4_000_000

  /// - Parameter range: the message's lines, its `From ` line included.
  init(_ lines: Lines, _ range: Range<Int>, file: String) throws(Failure) {
    guard lines.span(range).count <= Self.mostBytes, range.count <= Self.mostLines else {
      throw Failure(
        .input, at: Place(file, line: range.lowerBound + 1),
        "message is larger than \(Self.mostBytes >> 20) MiB or \(Self.mostLines) lines", notes: ["is this a mail?"])
    }
    self.file = file
    let isSeparated = !range.isEmpty && lines[range.lowerBound].begins(with: "From ")
    let quoting = isSeparated ? MboxQuoting(separator: lines[range.lowerBound]) : .none
    let message = (range.lowerBound + (isSeparated ? 1 : 0))..<range.upperBound
    headerEndsInCRLF = !message.isEmpty && lines[message.lowerBound].suffix(2).elementsEqual([0x0D, 0x0A])
    header = try MailHeader(lines, message, file: file)
    subject = SubjectLine(header["subject"] ?? "")
    subjectLine = (header.field("subject")?.line ?? range.lowerBound) + 1
    id = header["message-id"].flatMap { Self.ids($0).first }
    references = Self.ids(header["in-reply-to"] ?? "") + Self.ids(header["references"] ?? "")
    var reader = MailTextReader(lines, file: file, quoting: quoting)
    text = try reader.read(header.end..<range.upperBound, header: header)
    refusal = reader.refusal
    inBody = InBodyHeader(text)
    parts = Parts(text.lines, from: inBody.end)
  }

  private static func ids(_ text: String) -> [String] {
    text.split { $0 == "<" || $0 == ">" || $0.isWhitespace }.map(String.init)
  }

  var hasDiff: Bool { parts.diff != nil }

  var place: Place { Place(file, line: subjectLine) }

  /// The subject of the commit.
  var title: String {
    inBody["subject"].map { SubjectLine($0).subject } ?? subject.subject
  }

  /// The lines of the diff and what follows it.
  var diffLines: Range<Int>? { parts.diff }

  /// The diff and what follows it; empty without a diff.
  var diff: ArraySlice<UInt8> {
    parts.diff.map { text.lines[$0] } ?? []
  }

  private func author() throws(Failure) -> Signature {
    guard let from = inBody["from"] ?? header["from"], let person = MailAddress(from) else {
      throw malformed("message has no From with an address")
    }
    let date = inBody["date"] ?? header["date"]
    guard let moment = date.flatMap(MailDate.parse) else {
      throw malformed(date.map { "unreadable date '\($0)'" } ?? "message has no Date")
    }
    return Signature(
      name: person.name, email: person.email, seconds: moment.seconds, offsetMinutes: moment.offsetMinutes)
  }

  private func malformed(_ message: String, notes: [String] = []) -> Failure {
    Failure(.input, at: place, message, notes: notes)
  }

  func cover() throws(Failure) -> CoverLetter {
    let blurb = try text.prose(parts.body).strippedSpace
    return CoverLetter(subject: title, blurb: Shortlog.removed(from: blurb), author: try author())
  }

  /// The patch, `number` of `total` unless its subject says otherwise.
  func patch(number: Int, of total: Int) throws(Failure) -> Patch {
    guard !title.isEmpty else {
      throw malformed("message has no Subject", notes: ["expected git format-patch's output"])
    }
    if let refusal { throw refusal }
    try checkWords()
    let author = try author()
    let body = try text.prose(parts.body).strippedSpace
    guard !(title + body).utf8.contains(0) else {
      throw malformed("message of the commit holds a NUL byte, which git takes into no commit")
    }
    guard let lines = parts.diff else {
      throw malformed(
        "message '\(title)' holds no diff", notes: ["the cover letter of a series is number 0 of its patches"])
    }
    let (diffs, bytes) = try readDiff(lines)
    return Patch(
      subject: title, author: author, body: body, number: subject.number ?? number,
      total: subject.total ?? total, reroll: subject.reroll, notes: try text.prose(parts.notes).strippedSpace,
      diff: bytes, files: diffs.map { FileStat($0) }, fileName: file, diffLine: text.place(lines.lowerBound).line ?? 1)
  }

  /// As git does, refuses a subject or an author that cannot be read as it was written.
  private func checkWords() throws(Failure) {
    for name in ["subject", "from"] {
      for value in [header.field(name)?.value, inBody.value(name)] {
        guard let value, let charset = EncodedWords.unknownCharset(in: value[...]) else { continue }
        throw malformed(
          "'\(name)' is not in the character set '\(charset)' that it names",
          notes: ["`iconv --list` shows those that are known; save the message in UTF-8"])
      }
    }
  }

  private func readDiff(_ lines: Range<Int>) throws(Failure) -> ([FileDiff], [UInt8]) {
    let bytes = Array(text.lines[lines])
    do throws(Failure) {
      let diffs = try DiffReader.read(bytes, file: file)
      // What follows the diff is the mail's signature.
      return (diffs, Array(bytes.prefix(diffs.last?.bytes.upperBound ?? 0)))
    } catch {
      // The diff was numbered from 1; the lines of an encoded text stand elsewhere in the file.
      let findings = error.findings.map { finding in
        var finding = finding
        finding.place = finding.place?.line.map { text.place(lines.lowerBound + $0 - 1) } ?? finding.place
        return finding
      }
      throw Failure(error.status, findings)
    }
  }
}
