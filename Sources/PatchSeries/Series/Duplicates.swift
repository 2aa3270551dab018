import Diagnostics

/// Takes a message once that was delivered twice: by two mailing lists, or by a list and to the reader.
enum Duplicates {
  /// - Throws: status `.input`, for two messages of one Message-ID and subject whose diffs differ.
  static func removed(from messages: [Message]) throws(Failure) -> [Message] {
    var kept: [Message] = []
    var byID: [ID: Message] = [:]
    var contents: Set<Content> = []
    for message in messages {
      if let id = message.id.map({ ID(id: $0, subject: message.subject.text) }) {
        if let other = byID[id] {
          guard sameDiff(message, other) else {
            throw Failure(
              .input, at: message.place, "two messages are <\(id.id)>, with different diffs",
              notes: ["the other is at \(other.place)", "remove the one that was changed after it was sent"])
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

  /// Lists put footers below a diff, so that only what the diffs themselves say counts.
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
  /// Whether the other says the same, in subject and text.
  func isCopy(of other: Message) -> Bool {
    subject == other.subject && body == other.body
  }
}
