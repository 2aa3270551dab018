/// How an mbox keeps lines of a message that start with `From ` apart from the lines between messages.
enum MboxQuoting {
  /// They stand as they are, as in what git and b4 write, and in a file of one message without a `From ` line.
  case none
  /// Such a line gets a `>` (mboxo).
  case plain
  /// Such a line gets a `>`, and so does one that starts with `>From ` already (mboxrd, as lore.kernel.org writes).
  case reversible

  /// - Parameter separator: the `From ` line in front of the message.
  init(separator: ArraySlice<UInt8>) {
    let sender = separator.dropFirst("From ".utf8.count).prefix { !$0.isSpace }
    if sender.begins(with: "mboxrd@") {
      self = .reversible
    } else if sender.elementsEqual("git@z".utf8) || Self.isCommit(sender) {
      self = .none
    } else {
      self = .plain
    }
  }

  private static func isCommit(_ word: ArraySlice<UInt8>) -> Bool {
    (word.count == 40 || word.count == 64)
      && word.allSatisfy { $0.isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }
  }

  /// Whether the first byte of a line is the mbox's `>`.
  func isQuoted(_ line: ArraySlice<UInt8>) -> Bool {
    guard line.first == UInt8(ascii: ">") else { return false }
    switch self {
    case .none: return false
    case .plain: return line.begins(with: ">From ")
    case .reversible: return line.drop { $0 == UInt8(ascii: ">") }.begins(with: "From ")
    }
  }
}
