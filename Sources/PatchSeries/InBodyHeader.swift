/// The `From:`, `Subject:` and `Date:` at the top of a mail's text, by which a sender names another author.
///
/// What belongs to it is what belongs to it for `git am`.
struct InBodyHeader {
  private var fields: [String: [UInt8]] = [:]
  /// The index of the first line of the text below.
  private(set) var end: Int

  private static let names: Set<String> = ["from", "subject", "date"]

  init(_ text: MailText) {
    let lines = text.lines
    var at = 0
    var open: String?
    while at < lines.count {
      let line = lines[at]
      if lines.isBlank(at) {
        at += 1
        if open != nil { break }
      } else if let name = open, line.first == 0x20 || line.first == 0x09 {
        fields[name, default: []] += [0x20] + text.decoded(at).trimmedEnd.drop { $0.isSpace }
        at += 1
      } else if Self.isSeparator(line) {
        open = nil
        at += 1
      } else if let field = MailHeader.field(line.trimmedEnd, at: at), Self.names.contains(field.name),
        fields[field.name] == nil
      {
        fields[field.name] = MailHeader.field(text.decoded(at)[...].trimmedEnd, at: at)?.value ?? field.value
        open = field.name
        at += 1
      } else {
        break
      }
    }
    end = at
  }

  /// The value of a field as it stands, by its name in lower case.
  func value(_ name: String) -> [UInt8]? { fields[name] }

  /// The decoded value of a field, by its name in lower case.
  subscript(name: String) -> String? {
    fields[name].map { EncodedWords.decode($0[...]) }
  }

  /// The line above a patch that was pasted with its `From ` line, which a mailer quoted.
  private static func isSeparator(_ line: ArraySlice<UInt8>) -> Bool {
    line.begins(with: ">From ") && line.trimmedEnd.suffix(25).elementsEqual(" Mon Sep 17 00:00:00 2001".utf8)
  }
}
