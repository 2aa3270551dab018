import Diagnostics
import Support

extension Message {
  /// Whether the message has no field that every mail has.
  var isNoMail: Bool { ["from", "date", "subject", "message-id"].allSatisfy { header.field($0) == nil } }

  /// Whether git should parse the message: it may be a patch, a cover letter, or a reply that contains a diff.
  var mayMatter: Bool {
    if subject.isPatch && !subject.isReply { return true }
    return (0..<lines.count).contains { index in
      let line = lines[index]
      switch line.first {
      case UInt8(ascii: "d"): return line.begins(with: "diff -")
      case UInt8(ascii: "-"): return line.begins(with: "--- ")
      // An encoded message must be decoded first.
      case UInt8(ascii: "c"), UInt8(ascii: "C"):
        let field = line.text.lowercased()
        return field.hasPrefix("content-transfer-encoding:") && !["7bit", "8bit"].contains { field.contains($0) }
      default: return false
      }
    }
  }

  /// Refuses a mail whose HTML git would read as if it were plain text.
  func refuseHTML() throws(Failure) {
    let types = try contentTypes()
    if let html = types.first(where: { $0.isA("text/html") }), !types.contains(where: { $0.isA("text/plain") }) {
      throw malformed(
        "message is in HTML only", line: html.line,
        notes: ["patches must be plain text: ask the author to resend it with git send-email"])
    }
  }

  /// A warning if the message's lines may have been broken and joined again: git does so, and warns as well.
  func flowedWarning() throws(Failure) -> Finding? {
    try contentTypes().first { $0["format"]?.lowercased() == "flowed" }.map { flowed in
      Finding(
        .warning, at: Place(file, line: firstLine + flowed.line),
        "message is format=flowed: spaces at the ends of lines may be lost",
        notes: ["if the patch does not apply, ask the author to resend it with git send-email or as an attachment"])
    }
  }

  private struct ContentType {
    /// The index of the field's first line.
    var line: Int
    var text: String

    func isA(_ type: String) -> Bool { text.prefix { $0 != ";" }.lowercased() == type }

    /// The value of a parameter, found the way git finds it (`slurp_attr` in mailinfo.c).
    subscript(name: String) -> String? {
      let bytes = Array(text.utf8)
      let lower = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
      guard let start = lower.firstRange(of: Array("\(name)=".utf8))?.upperBound else { return nil }
      let rest = bytes[start...]
      let isQuoted = rest.first == UInt8(ascii: "\"")
      return isQuoted
        ? rest.dropFirst().prefix { $0 != UInt8(ascii: "\"") }.text : rest.prefix { !"; \t".utf8.contains($0) }.text
    }
  }

  /// The content types of the message and of all its parts.
  private func contentTypes() throws(Failure) -> [ContentType] {
    var types: [ContentType] = []
    var boundaries: Set<String> = []
    func add(_ header: MailHeader, _ start: Int) {
      let field = header.field("content-type")
      let type = ContentType(line: field?.line ?? start, text: field?.value.text ?? "text/plain")
      if let boundary = type["boundary"] { boundaries.insert("--" + boundary) }
      types.append(type)
    }
    add(header, 0)
    for index in header.end..<lines.count where lines[index].begins(with: "--") {
      guard boundaries.contains(lines[index].text.trimmed) else { continue }
      add(try MailHeader(lines, index + 1..<lines.count, file: file, firstLine: firstLine), index)
    }
    return types
  }
}
