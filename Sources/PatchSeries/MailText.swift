import Diagnostics

/// The text of a mail: its text parts one after the other, in lines, with the transfer encoding undone.
///
/// The bytes are as they were sent. As in `git mailinfo`, prose is re-coded to UTF-8 and the diff is not, since the
/// files it changes may hold any bytes.
struct MailText {
  /// A part of the text, up to the next one.
  struct Section {
    /// The index of its first line.
    var line: Int
    /// As the mail names it, nil if it does not.
    var charset: String?
    /// Whether the transfer encoding was another than the lines themselves.
    var isEncoded: Bool
  }

  let file: String
  let lines: Lines
  /// Where each line starts in the file, zero-based.
  let numbers: [Int]
  let sections: [Section]
  /// Whether a line of the file ended in CR LF, and which is the first.
  let firstCRLF: Int?

  /// Where a line stands in the file.
  func place(_ line: Int) -> Place {
    Place(file, line: numbers.indices.contains(line) ? numbers[line] + 1 : numbers.last.map { $0 + 1 })
  }

  /// The section a line belongs to.
  func section(of line: Int) -> Section? {
    sections.last { $0.line <= line }
  }

  /// A line that may hold other characters than ASCII, for a header in the text. One that cannot be re-coded stays.
  func decoded(_ line: Int) -> [UInt8] {
    let content = lines.content(line)
    let charset = section(of: line)?.charset.flatMap { Charset($0) }
    return charset?.utf8(content) ?? Array(content)
  }

  /// The text of some lines, in UTF-8.
  ///
  /// - Throws: status `.input`, with the place, for a line that is not in the character set the mail names.
  func prose(_ range: Range<Int>) throws(Failure) -> String {
    var result: [UInt8] = []
    var start = range.lowerBound
    for (index, section) in sections.enumerated() {
      let end = index + 1 < sections.count ? min(sections[index + 1].line, range.upperBound) : range.upperBound
      guard start < end else { continue }
      result += try recoded(start..<end, section.charset)
      start = end
    }
    return result.text
  }

  private func recoded(_ range: Range<Int>, _ name: String?) throws(Failure) -> [UInt8] {
    let bytes = lines[range]
    guard let name else { return Array(bytes) }
    let charset = Charset(name)
    if let text = charset?.utf8(bytes) { return text }
    // What is UTF-8 beyond ASCII can hardly be anything else, whatever the mail says.
    if String(validating: bytes, as: UTF8.self) != nil { return Array(bytes) }
    guard let charset else {
      let line = range.first { !lines[$0].allSatisfy { $0 < 0x80 } } ?? range.lowerBound
      throw Failure(
        .input, at: place(line), "text is in the unknown character set '\(name)'",
        notes: ["`iconv --list` shows those that are known; save the message in UTF-8"])
    }
    let line = range.first { charset.utf8(lines[$0]) == nil } ?? range.lowerBound
    throw Failure(
      .input, at: place(line), "text is not in \(name), as its Content-Type says",
      notes: ["was the message saved in another character set? save it as it was sent"])
  }
}
