package import Diagnostics
import Support

/// A patch that was not mailed: a diff below a DEP-3 header (Debian), below what `hg export`, StGit or `git show` writes, below some
/// text (quilt), or below nothing.
package struct PlainPatch: Sendable {
  /// A patch, and what to say about it.
  package struct Read: Sendable {
    package var patch: Patch
    package var warnings: [Finding] = []
  }

  let lines: Lines
  let file: String
  private let header: MailHeader
  private let hasHeader: Bool
  private let toolHeader: ToolHeader?
  /// Whether it starts with the line that an mbox has in front of a mail.
  private let isInMbox: Bool

  /// The known DEP-3 fields. In a patch without any of them, `iommu: fix it` is text, not a field.
  private static let fields: Set<String> = [
    "subject", "description", "from", "author", "origin", "forwarded", "bug", "last-update", "date",
  ]

  package init(_ bytes: [UInt8], file: String) throws(Failure) {
    self.file = file
    lines = Lines(bytes)
    let start = (0..<lines.count).first { [lines] in !lines.isBlank($0) } ?? 0
    header = try MailHeader(lines, start..<lines.count, file: file)
    isInMbox = start < lines.count && lines[start].begins(with: "From ")
    hasHeader = header.fields.contains { Self.fields.contains($0.name) }
    toolHeader = hasHeader || isInMbox ? nil : try ToolHeader(lines, from: start, file: file)
  }

  /// Whether the patch is a mail after all.
  var isMail: Bool {
    isInMbox || ["from", "date", "subject"].allSatisfy { header.field($0) != nil }
  }

  /// Whether a file among mails is a patch, and no mail that lost some of its header.
  var isAlone: Bool {
    let isMailed =
      isInMbox
      || ["date", "message-id", "mime-version", "received"].contains { header.field($0) != nil }
      || ["from", "subject"].allSatisfy { header.field($0) != nil }
    return (toolHeader != nil || !isMailed) && PatchParts(lines, from: 0).diff != nil
  }

  func read(_ reader: GitMailReader) async throws(Failure) -> Read {
    let mail = try await mail(reader)
    var patch = try patch(mail)
    if let mail, !mail.date.isEmpty { patch.author = try await reader.author(of: mail, at: Place(file)) }
    return Read(
      patch: patch,
      warnings: ForeignDiff.warnings(in: lines) { Place(file, line: $0 + 1) })
  }

  /// - Parameter mail: the author and subject that git reads from the header; nil if the header has neither.
  package func patch(_ mail: GitMail?) throws(Failure) -> Patch {
    let parts = PatchParts(lines, from: toolHeader?.end ?? (hasHeader ? header.end : 0))
    let noDiff = Failure(
      .input, at: Place(file), "patch holds no diff that git reads",
      notes: ForeignDiff.notes(in: lines) + ["write it with git diff or quilt refresh, or remove it"])
    guard let diff = parts.diff else { throw noDiff }
    if let next = diff.first(where: { ToolHeader.startsCommit(lines, $0) }) {
      throw Failure(
        .input, at: Place(file, line: next + 1), "another commit starts here, and both would become one",
        notes: ["write the commits with git format-patch, which keeps them apart"])
    }
    let diffs = try DiffReader.read(Array(lines[diff]), file: file, firstLine: diff.lowerBound + 1)
    guard !diffs.isEmpty else { throw noDiff }
    let (title, body) = message(mail?.subject ?? "", text(parts.body))
    // An unknown date is the epoch. No commit can have an empty name or address.
    let name = mail.flatMap { $0.name.isEmpty ? nil : $0.name }
    return Patch(
      subject: title, author: Signature(name: name ?? "unknown", email: mail?.email ?? "unknown", seconds: 0),
      body: body,
      diff: Array(lines[diff].prefix(diffs.last?.bytes.upperBound ?? 0)), files: diffs.map { FileStat($0) },
      fileName: file, diffLine: diff.lowerBound + 1)
  }

  private func text(_ range: Range<Int>) -> String {
    let indent = toolHeader?.indent ?? 0
    return range.flatMap { index in
      let isIndented = lines[index].prefix(indent).allSatisfy { $0 == 0x20 }
      return isIndented ? lines[index].dropFirst(indent) : lines[index]
    }.strippedSpace.committed
  }

  private func mail(_ reader: GitMailReader) async throws(Failure) -> GitMail? {
    let fields = [("From", header.field("from") ?? header.field("author")), ("Subject", header.field("subject"))]
    let known =
      toolHeader?.fields ?? (hasHeader ? fields.compactMap { name, field in field.map { (name, $0.value) } } : [])
    guard !known.isEmpty else { return nil }
    let text = known.flatMap { name, value in Array("\(name): ".utf8) + value + Array("\n".utf8) }
    return try await reader.read(text + Array("\n".utf8), at: Place(file, line: (header.fields.first?.line ?? 0) + 1))
  }

  private func message(_ subject: String, _ text: String) -> (title: String, body: String) {
    if !subject.isEmpty { return (subject, text) }
    let description = hasHeader ? header.field("description").map(description) : nil
    let whole = "\(description ?? "")\n\n\(text)".utf8.strippedSpace.committed
    let title = whole.prefix { $0 != "\n" }
    guard !title.isEmpty else { return (fileTitle, "") }
    return (String(title), String(whole.dropFirst(title.count)).trimmed)
  }

  /// A field's lines as written, where a single dot stands for an empty line.
  private func description(_ field: MailHeader.Field) -> String {
    let first = lines.content(field.line).drop { $0 != UInt8(ascii: ":") }.dropFirst().text.trimmed
    let more = (field.line + 1..<header.end).prefix { lines[$0].first == 0x20 && !lines.isBlank($0) }
      .map { lines.content($0).dropFirst().text }
    return ([first, ""] + more.map { $0.trimmed == "." ? "" : $0 }).joined(separator: "\n")
  }

  /// The file's name without its extensions.
  private var fileTitle: String {
    var name = file.split(separator: "/").last ?? file[...]
    for ending in [".gz", ".patch", ".diff", ".txt"] where name.hasSuffix(ending) { name = name.dropLast(ending.count) }
    return String(name)
  }
}
