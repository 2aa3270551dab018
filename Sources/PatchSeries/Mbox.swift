/// Splits an mbox into its messages.
enum Mbox {
  /// The lines of each message, its `From ` line included. Text without such a line is one message.
  static func messages(_ lines: Lines) -> [Range<Int>] {
    var starts = (0..<lines.count).filter { isStart(lines, $0) }
    if starts.first != 0 {
      // Empty lines before the first message belong to none.
      let first = (0..<(starts.first ?? lines.count)).first { !lines.isBlank($0) }
      if let first { starts.insert(first, at: 0) }
    }
    return zip(starts, starts.dropFirst() + [lines.count]).map { $0..<$1 }
  }

  /// A `From ` line with a time and a year in it, as `git mailsplit` knows them, and a header field after it.
  private static func isStart(_ lines: Lines, _ index: Int) -> Bool {
    guard lines.bytes[lines.ranges[index].lowerBound] == UInt8(ascii: "F"), lines[index].begins(with: "From "),
      index + 1 < lines.count
    else { return false }
    let words = lines[index].split { $0.isSpace }
    guard words.count >= 6, words.contains(where: isTime), words.contains(where: isYear) else { return false }
    return lines[index + 1].begins(with: ">From ") || MailHeader.field(lines[index + 1].trimmedEnd, at: index) != nil
  }

  private static func isTime(_ word: ArraySlice<UInt8>) -> Bool {
    let parts = word.split(separator: UInt8(ascii: ":"))
    return (2...3).contains(parts.count) && parts.allSatisfy { $0.count <= 2 && $0.allSatisfy(\.isDigit) }
  }

  private static func isYear(_ word: ArraySlice<UInt8>) -> Bool {
    word.count == 4 && word.allSatisfy(\.isDigit) && (Int(word.text) ?? 0) >= 1970
  }
}
