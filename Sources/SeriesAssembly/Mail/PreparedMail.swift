public import Diagnostics
import Foundation
public import PatchSeries
import Support

/// A folder of patches to mail, one per file.
public struct PreparedMail: Sendable {
  private let folder: String
  /// The cover letter and the patches, in the order in which they are mailed.
  public private(set) var messages: [Message]
  /// The series that the messages are.
  public let series: Series

  /// A mail to be.
  public struct Message: Sendable {
    /// The file's name.
    public let name: String
    /// The mail, header and body.
    public fileprivate(set) var bytes: [UInt8]
  }

  /// Reads the `.patch` files of a folder.
  ///
  /// - Throws: status 65 if the folder has no series, more than one, or several messages in a file.
  public init(folder: String) async throws(Failure) {
    self.folder = folder
    let names = Files.names(in: folder).filter { $0.hasSuffix(".patch") }
    guard !names.isEmpty else {
      throw Failure(.input, "no patches in '\(folder)'", notes: ["`seriesmith generate --signoff` writes some"])
    }
    messages = names.map { Message(name: $0, bytes: Files.read("\(folder)/\($0)") ?? []) }
    series = try await PatchReader.series(messages.map { ($0.name, $0.bytes) })
    let order = series.patches.map(\.fileName)
    let covers = messages.filter { !order.contains($0.name) }
    guard series.isWhole, Set(order).count == order.count, covers.count == (series.cover == nil ? 0 : 1) else {
      throw Failure(
        .input, "'\(folder)' is not exactly one series with one patch per file",
        notes: series.warnings.map(\.message))
    }
    messages = covers + order.compactMap { name in messages.first { $0.name == name } }
  }

  /// Whether the first message is a cover letter.
  public var hasCover: Bool { series.cover != nil }

  /// The messages that are patches.
  public var patches: ArraySlice<Message> { messages.dropFirst(hasCover ? 1 : 0) }

  /// Adds sections to the cover letter, before its shortlog.
  ///
  /// - Returns: whether the letter has a shortlog, without which it stays as it is.
  public mutating func addToCover(_ sections: String) -> Bool {
    guard let letter = CoverLetter.adding(sections, to: messages[0].bytes, of: series.patches) else { return false }
    messages[0].bytes = letter
    return true
  }

  /// The messages with the fields that a mail needs: To, Cc, a Message-ID, and an In-Reply-To that threads all below
  /// the first.
  ///
  /// - Parameter recipients: those of each message.
  /// - Throws: status `.input` if a message has no header.
  public func addressed(
    to recipients: [Recipients], from sender: Identity
  ) throws(Failure) -> [(name: String, bytes: [UInt8])] {
    let ids = messageIDs(from: sender)
    var files: [(name: String, bytes: [UInt8])] = []
    for (index, message) in messages.enumerated() {
      let fields = MailFields(
        to: recipients[index].to, cc: recipients[index].cc, messageID: ids[index], inReplyTo: index > 0 ? ids[0] : nil)
      files.append((message.name, try fields.added(to: message.bytes, file: "\(folder)/\(message.name)")))
    }
    return files
  }

  /// A Message-ID for each message: the run's stamp, the number of the patch, 0 for the cover letter, and the sender's
  /// address, as git makes them.
  private func messageIDs(from sender: Identity) -> [String] {
    let stamp = Self.stamp
    return messages.indices.map { "\(stamp)-\($0 + (hasCover ? 0 : 1))-\(sender.email)" }
  }

  /// The start of the Message-IDs of a run: the time, in git's format, and a random number that makes them unique.
  private static var stamp: String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "UTC")
    formatter.dateFormat = "yyyyMMddHHmmss"
    return "\(formatter.string(from: Date())).\(UInt32.random(in: 1 ... .max))"
  }
}
