package import Diagnostics
import Support

/// A patch that was not mailed: a diff below a DEP-3 header (Debian), below some text (quilt), or below nothing.
package struct PlainPatch: Sendable {
  private let lines: Lines
  private let file: String
  private let header: MailHeader

  /// The known DEP-3 fields. In a patch without any of them, `iommu: fix it` is text, not a field.
  private static let fields: Set<String> = [
    "subject", "description", "from", "author", "origin", "forwarded", "bug", "last-update", "date",
  ]

  package init(_ bytes: [UInt8], file: String) throws(Failure) {
    self.file = file
    lines = Lines(bytes)
    let start = (0..<lines.count).first { [lines] in !lines.isBlank($0) } ?? 0
    header = try MailHeader(lines, start..<lines.count, file: file)
  }

  /// Whether the patch is a mail after all.
  var isMail: Bool {
    ["from", "date", "subject"].allSatisfy { header.field($0) != nil }
  }

  private var hasHeader: Bool {
    header.fields.contains { Self.fields.contains($0.name) }
  }

  func patch(_ reader: GitMailReader) async throws(Failure) -> Patch {
    try patch(try await mail(reader))
  }

  /// - Parameter mail: the author and subject that git reads from the header; nil if the header has neither.
  package func patch(_ mail: GitMail?) throws(Failure) -> Patch {
    let parts = PatchParts(lines, from: hasHeader ? header.end : 0)
    guard let diff = parts.diff else {
      throw Failure(
        .input, at: Place(file), "patch holds no diff", notes: ["remove it from the series, or regenerate it"])
    }
    let diffs = try DiffReader.read(Array(lines[diff]), file: file, firstLine: diff.lowerBound + 1)
    let (title, body) = message(mail?.subject ?? "", lines[parts.body].strippedSpace.committed)
    // An unknown author has no address, and an unknown date is the epoch.
    let name = mail.flatMap { $0.name.isEmpty ? nil : $0.name }
    return Patch(
      subject: title, author: Signature(name: name ?? "unknown", email: mail?.email ?? "", seconds: 0), body: body,
      diff: Array(lines[diff].prefix(diffs.last?.bytes.upperBound ?? 0)), files: diffs.map { FileStat($0) },
      fileName: file, diffLine: diff.lowerBound + 1)
  }

  private func mail(_ reader: GitMailReader) async throws(Failure) -> GitMail? {
    let fields = [("From", header.field("from") ?? header.field("author")), ("Subject", header.field("subject"))]
    let known = fields.compactMap { name, field in field.map { (name, $0.value) } }
    guard hasHeader, !known.isEmpty else { return nil }
    let text = known.flatMap { name, value in Array("\(name): ".utf8) + value + Array("\n".utf8) }
    return try await reader.read(text + Array("\n".utf8), at: Place(file, line: header.fields[0].line + 1))
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

  /// The file's name without its extension.
  private var fileTitle: String {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let ending = [".patch", ".diff"].first { name.hasSuffix($0) } ?? ""
    return String(name.dropLast(ending.count))
  }
}
