import Diagnostics
import Support

/// One mail: its position in a series, as its header states it, and what git reads from it. A patch that was not mailed
/// takes part as a mail without a header.
///
/// A mailing list thread contains more than patches. Whatever a message lacks is therefore an error only once its patch
/// is requested.
struct Message: Sendable {
  let file: String
  /// The mail's lines as `git mailsplit` writes them: without a CR at the end and without the quoting of an mbox.
  let lines: Lines
  /// The number of the mail's first line in the file.
  let firstLine: Int
  let header: MailHeader
  var subject: SubjectLine
  /// The Message-ID, without angle brackets.
  let id: String?
  /// The Message-IDs of the mails that this one replies to.
  let references: [String]
  /// The lines of the file.
  let source: Lines
  /// What git reads from the mail, or why it cannot read it; nil for a mail that no series needs.
  var mail: Result<GitMail, Failure>?
  var author: Result<Signature, Failure>?
  /// The patch in a file that is no mail; nil for a mail.
  private(set) var plain: PlainPatch.Read?
  /// The line of the file where the next mail starts, if that has no header: a line of this one's text may start so.
  var cutAt: Int?
  /// The position among all messages.
  var position = 0

  /// A patch takes a few megabytes at most. Anything larger than this is not a mail.
  private static let mostBytes = 64 << 20
  private static let mostLines = 4_000_000

  /// - Parameter firstLine: the number of the mail's first line in `source`.
  init(_ lines: Lines, firstLine: Int, of source: Lines, file: String) throws(Failure) {
    guard lines.bytes.count <= Self.mostBytes, lines.count <= Self.mostLines else {
      throw Failure(
        .input, at: Place(file, line: firstLine),
        "message is larger than \(Self.mostBytes >> 20) MiB or \(Self.mostLines) lines", notes: ["is this a mail?"])
    }
    (self.file, self.lines, self.firstLine, self.source) = (file, lines, firstLine, source)
    header = try MailHeader(lines, 0..<lines.count, file: file, firstLine: firstLine)
    subject = SubjectLine(header["subject"] ?? "")
    id = header["message-id"].flatMap { Self.ids($0).first }
    references = Self.ids(header["in-reply-to"] ?? "") + Self.ids(header["references"] ?? "")
  }

  /// - Throws: `Failure(.input)` for a damaged diff.
  init(_ patch: PlainPatch, read: PlainPatch.Read) throws(Failure) {
    try self.init(Lines([]), firstLine: 1, of: patch.lines, file: patch.file)
    subject.text = read.patch.subject
    subject.isPatch = true
    plain = read
  }

  private static func ids(_ text: String) -> [String] {
    text.split { $0 == "<" || $0 == ">" || $0.isWhitespace }.map(String.init)
  }

  /// The place of the subject.
  var place: Place { Place(file, line: firstLine + (header.field("subject")?.line ?? 0)) }

  /// The message below its header, as sent.
  var body: ArraySlice<UInt8> { lines[header.end..<lines.count] }

  /// The subject of the commit.
  var title: String { (try? mail?.get())?.subject ?? subject.text }

  var hasDiff: Bool { plain != nil || (try? mail?.get())?.parts.diff != nil }

  func cover() throws(Failure) -> CoverLetter {
    let mail = try read()
    let blurb = Shortlog.removed(from: mail.text.strippedSpace.committed)
    return CoverLetter(subject: title, blurb: blurb, author: try signature())
  }

  /// The patch, `number` of `total` unless its subject says otherwise.
  func patch(number: Int, of total: Int) throws(Failure) -> Patch {
    if var patch = plain?.patch {
      (patch.number, patch.total) = (number, total)
      return patch
    }
    let mail = try read()
    guard !mail.subject.isEmpty else {
      throw header.field("subject") == nil
        ? malformed("message has no Subject header", notes: ["expected the output of git format-patch"])
        : malformed(
          "message's subject has no text: git am would take the first line of its text", notes: ["give it a subject"])
    }
    try refuseHTML()
    let author = try signature()
    guard !mail.text.contains(0) else {
      throw malformed("commit message holds a NUL byte, which git does not accept")
    }
    guard let diff = try diff(), !diff.files.isEmpty else {
      throw noDiff
    }
    return Patch(
      subject: mail.subject, author: author, body: mail.text.strippedSpace.committed, number: subject.number ?? number,
      total: subject.total ?? total, reroll: subject.version.major,
      notes: mail.patch[mail.parts.notes].strippedSpace.committed, diff: diff.bytes,
      files: diff.files.map { FileStat($0) }, fileName: file, diffName: diff.place.file,
      diffLine: diff.place.line ?? 1)
  }

  /// What else the message may be, or why git finds no diff in it.
  private var noDiff: Failure {
    var notes = ForeignDiff.notes(in: lines, firstLine: firstLine)
    if lines.bytes.contains(0x1B) { notes.append("it holds escape sequences: write it with --color=never") }
    if let line = cutAt {
      notes.append("line \(line) starts with 'From ', as the next mail of an mbox does: write '>From ' there")
    }
    if notes.isEmpty { notes.append("a cover letter must be number 0 of its series") }
    return malformed("message '\(title)' holds no diff", notes: notes)
  }

  func malformed(_ message: String, line: Int? = nil, notes: [String] = []) -> Failure {
    Failure(.input, at: line.map { Place(file, line: firstLine + $0) } ?? place, message, notes: notes)
  }

  private func signature() throws(Failure) -> Signature {
    try refuseOpenQuotes()
    guard let author else { throw malformed("message has no From header with an address") }
    return try author.get()
  }

  func read() throws(Failure) -> GitMail {
    guard let mail else { throw noDiff }
    return try mail.get()
  }
}
