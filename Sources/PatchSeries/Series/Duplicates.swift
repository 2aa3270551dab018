import Diagnostics

/// Removes the second copy of a message that arrived twice: by two mailing lists, or by a list and directly.
enum Duplicates {
  /// - Throws: `Failure(.input)` for two messages with the same Message-ID and subject but different diffs.
  static func removed(from messages: [Message]) throws(Failure) -> [Message] {
    var kept: [Message] = []
    var byID: [ID: Message] = [:]
    var contents: Set<Content> = []
    for message in messages {
      // Nobody mails a file twice.
      if message.plain != nil {
        kept.append(message)
        continue
      }
      if let id = message.id.map({ ID(id: $0, subject: message.subject.text) }) {
        if let other = byID[id] {
          guard sameDiff(message, other) else {
            throw Failure(
              .input, at: message.place, "two messages have the Message-ID <\(id.id)> but different diffs",
              notes: ["the other message is at \(other.place)", "remove the one that was changed after it was sent"])
          }
          continue
        }
        byID[id] = message
      }
      if contents.insert(Content(message: message)).inserted { kept.append(message) }
    }
    return kept
  }

  private struct ID: Hashable {
    let id: String
    let subject: String
  }

  /// Mailing lists add footers below a diff, so only the diffs themselves are compared.
  private static func sameDiff(_ one: Message, _ other: Message) -> Bool {
    if one.isCopy(of: other) { return true }
    func bytes(_ message: Message) -> [UInt8]? { (try? message.diff())?.bytes }
    return bytes(one) == bytes(other)
  }

  private struct Content: Hashable {
    let message: Message

    static func == (one: Self, other: Self) -> Bool {
      one.message.isCopy(of: other.message)
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(message.subject)
      message.body.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
  }
}

extension Message {
  /// Whether the other message has the same subject and text.
  func isCopy(of other: Message) -> Bool {
    subject == other.subject && body == other.body
  }
}
