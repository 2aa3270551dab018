import Diagnostics
import Support

/// Removes the second copy of a message that arrived twice: by two mailing lists, or by a list and directly.
enum Duplicates {
  /// - Returns: the other messages, and a note on each patch that is left out.
  /// - Throws: `Failure(.input)` for two messages with the same Message-ID and subject but different diffs.
  static func removed(from messages: [Message]) throws(Failure) -> (kept: [Message], notes: [Finding]) {
    var kept: [Message] = []
    var notes: [Finding] = []
    func leaveOut(_ message: Message) {
      guard message.subject.isPatch else { return }
      notes.append(Finding(.note, at: message.place, "message \(message.name) is here twice: taken once"))
    }
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
          leaveOut(message)
          continue
        }
        byID[id] = message
      }
      if contents.insert(Content(message: message)).inserted {
        kept.append(message)
      } else {
        leaveOut(message)
      }
    }
    return (kept, notes)
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

    /// A patch that is taken back and applied again has another date or another commit.
    static func == (one: Self, other: Self) -> Bool {
      one.message.isCopy(of: other.message) && one.message.header["date"] == other.message.header["date"]
        && (one.message.commit == nil || other.message.commit == nil || one.message.commit == other.message.commit)
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

  /// The commit that git format-patch made the message of; nil if another program wrote its first line.
  fileprivate var commit: String? {
    guard lines.count > 0, let match = lines.content(0).text.firstMatch(of: #/^From ([0-9a-f]{40,64}) /#) else {
      return nil
    }
    return match.1.allSatisfy { $0 == "0" } ? nil : String(match.1)
  }
}
