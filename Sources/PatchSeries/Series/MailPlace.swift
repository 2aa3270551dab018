import Diagnostics
import Support

/// What the subject of a mail says of its place in a series: `[PATCH v2 3/9]`.
public struct MailPlace: Hashable, Sendable {
  /// The patch's number, 0 for a cover letter.
  public let number: Int
  /// The number of patches in the series.
  public let total: Int
  /// The version of the series.
  public let reroll: Int

  /// Reads the mail's header; nil for a mail that does not call itself a patch, and for a reply.
  public init?(_ mail: [UInt8]) {
    let lines = Lines(mail)
    guard let header = try? MailHeader(lines, 0..<lines.count, file: "") else { return nil }
    let subject = SubjectLine(header["subject"] ?? "")
    guard subject.isPatch, !subject.isReply else { return nil }
    (number, total, reroll) = (subject.number ?? 1, subject.total ?? 1, subject.version.major)
  }
}
