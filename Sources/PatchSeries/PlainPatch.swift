import Diagnostics

/// A diff that was not mailed: with a DEP-3 header as Debian's, with a line of text as quilt's, or with nothing above.
struct PlainPatch {
  private let lines: Lines
  private let file: String
  private let header: MailHeader

  /// Known fields of DEP-3. Without one, `iommu: fix it` is text and no field.
  private static let fields: Set<String> = [
    "subject", "description", "from", "author", "origin", "forwarded", "bug", "last-update", "date",
  ]

  init(_ bytes: [UInt8], file: String) throws(Failure) {
    self.file = file
    lines = Lines(bytes)
    let start = (0..<lines.count).first { [lines] in !lines.isBlank($0) } ?? 0
    header = try MailHeader(lines, start..<lines.count, file: file)
  }

  /// Whether it is a mail after all.
  var isMail: Bool {
    ["from", "date", "subject"].allSatisfy { header.field($0) != nil }
  }

  private var hasHeader: Bool {
    header.fields.contains { Self.fields.contains($0.name) }
  }

  func patch() throws(Failure) -> Patch {
    let parts = Message.Parts(lines, from: hasHeader ? header.end : 0)
    guard let diff = parts.diff else {
      throw Failure(
        .input, at: Place(file), "patch holds no diff", notes: ["take it out of the series, or write it again"])
    }
    let diffs = try DiffReader.read(Array(lines[diff]), file: file, firstLine: diff.lowerBound + 1)
    let (title, body) = message(lines[parts.body].text.strippedSpace)
    return Patch(
      subject: title, author: author, body: body, diff: Array(lines[diff].prefix(diffs.last?.bytes.upperBound ?? 0)),
      files: diffs.map { FileStat($0) }, fileName: file, diffLine: diff.lowerBound + 1)
  }

  /// Who is unknown has no address, and wrote it at the beginning of time.
  private var author: Signature {
    let person = (header["from"] ?? header["author"]).flatMap { MailAddress($0) }
    return Signature(name: person?.name ?? "unknown", email: person?.email ?? "", seconds: 0)
  }

  private func message(_ text: String) -> (title: String, body: String) {
    if hasHeader, let subject = header["subject"], !subject.isEmpty { return (SubjectLine(subject).subject, text) }
    let description = hasHeader ? header.field("description").map(description) : nil
    let whole = ((description ?? "") + "\n\n" + text).strippedSpace
    let title = whole.prefix { $0 != "\n" }
    guard !title.isEmpty else { return (fileTitle, "") }
    return (String(title), String(whole.dropFirst(title.count)).trimmed)
  }

  /// A field's lines as they stand; a dot alone stands for an empty one.
  private func description(_ field: MailHeader.Field) -> String {
    let first = lines.content(field.line).drop { $0 != UInt8(ascii: ":") }.dropFirst().text.trimmed
    let more = (field.line + 1..<header.end).prefix { lines[$0].first == 0x20 && !lines.isBlank($0) }
      .map { lines.content($0).dropFirst().text }
    return ([first, ""] + more.map { $0.trimmed == "." ? "" : $0 }).joined(separator: "\n")
  }

  /// The file's name without its ending.
  private var fileTitle: String {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let ending = [".patch", ".diff"].first { name.hasSuffix($0) } ?? ""
    return String(name.dropLast(ending.count))
  }
}
