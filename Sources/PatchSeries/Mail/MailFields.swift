public import Diagnostics
import Support

/// The header fields that turn a patch's file into a mail with recipients, in a thread.
public struct MailFields: Hashable, Sendable {
  /// The recipients of the `To` field.
  public var to: [MailAddress]
  /// The recipients of the `Cc` field.
  public var cc: [MailAddress]
  /// The Message-ID, without angle brackets.
  public var messageID: String
  /// The Message-ID of the mail that this one replies to; nil for the first mail of a thread.
  public var inReplyTo: String?

  /// The fields of one mail.
  public init(to: [MailAddress], cc: [MailAddress], messageID: String, inReplyTo: String? = nil) {
    self.to = to
    self.cc = cc
    self.messageID = messageID
    self.inReplyTo = inReplyTo
  }

  private static let names = ["to", "cc", "bcc", "message-id", "in-reply-to", "references"]

  /// A patch's file with the fields added at the end of its header. Nothing else changes.
  ///
  /// - Throws: `Failure(.input)`, with the place, for a file that already has such fields.
  public func added(to patch: [UInt8], file: String) throws(Failure) -> [UInt8] {
    let lines = Lines(patch)
    let start = lines.count > 0 && lines[0].begins(with: "From ") ? 1 : 0
    let header = try MailHeader(lines, start..<lines.count, file: file)
    if let field = header.fields.first(where: { Self.names.contains($0.name) }) {
      throw Failure(
        .input, at: Place(file, line: field.line + 1), "patch already has a '\(field.name)' header",
        notes: ["start from patches that `git format-patch` wrote without --to, --cc and --thread"])
    }
    guard header.end > start, lines.isBlank(header.end - 1) else {
      throw Failure(.input, at: Place(file, line: header.end + 1), "header of the patch does not end in an empty line")
    }
    let end = lines.ranges[header.end - 1].lowerBound
    return Array(patch[..<end]) + Array(text.utf8) + Array(patch[end...])
  }

  private var text: String {
    let answered = inReplyTo.map { "In-Reply-To: <\($0)>\nReferences: <\($0)>\n" } ?? ""
    let lists = [("To: ", to), ("Cc: ", cc)].filter { !$0.1.isEmpty }
    return "Message-ID: <\(messageID)>\n" + answered
      + lists.map { HeaderEncoding.addresses($0.1, after: $0.0) + "\n" }.joined()
  }
}
