import Diagnostics
import Support

extension Message {
  /// Refuses a name with a quote or a comment that does not end. Before version 2.42, git reads on behind the end of the
  /// line there, and puts whatever it finds into the commit.
  func refuseOpenQuotes() throws(Failure) {
    if let field = header.field("from"), Self.isOpen(field.value) {
      throw openQuote(Place(file, line: firstLine + field.line))
    }
    // The header fields that a text may start with count as well.
    let text = (header.end..<lines.count).drop { lines.isBlank($0) }
    let fields = try MailHeader(lines, (text.first ?? lines.count)..<lines.count, file: file, firstLine: firstLine)
    if let field = fields.fields.first(where: { $0.name == "from" && Self.isOpen($0.value) }) {
      throw openQuote(Place(file, line: firstLine + field.line))
    }
  }

  private func openQuote(_ place: Place) -> Failure {
    Failure(
      .input, at: place, "author's name has a quote or a comment that does not end",
      notes: ["git reads it differently from one run to the next: end it, or ask the author to send the patch again"])
  }

  /// Whether a quote or a comment does not end; comments nest (`unquote_quoted_pair` in mailinfo.c).
  private static func isOpen(_ name: [UInt8]) -> Bool {
    var depth = 0
    var inQuote = false
    var isEscaped = false
    for byte in name {
      switch byte {
      case _ where isEscaped: isEscaped = false
      case UInt8(ascii: "\\") where inQuote || depth > 0: isEscaped = true
      case UInt8(ascii: "\"") where depth == 0: inQuote.toggle()
      case UInt8(ascii: "(") where !inQuote: depth += 1
      case UInt8(ascii: ")") where !inQuote && depth > 0: depth -= 1
      default: break
      }
    }
    return inQuote || depth > 0
  }
}
