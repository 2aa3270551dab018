import Support

/// What `git mailinfo` reads from a mail.
package struct GitMail: Sendable {
  /// The author's name; empty if the mail names no author.
  var name = ""
  var email = ""
  /// The date as written in the mail.
  var date = ""
  var subject = ""
  /// The text of the mail, up to its patch.
  let text: [UInt8]
  /// Whether the author, the subject and the text are UTF-8. What is not, git takes for Latin-1.
  let isUTF8: Bool
  /// The lines from the first that can belong to a patch to the end of the mail.
  let patch: Lines
  /// The lines of the notes and of the diff in `patch`.
  let parts: PatchParts

  init(info: [UInt8], text: [UInt8], patch: [UInt8]) {
    self.text = text
    isUTF8 = [info, text].allSatisfy { String(validating: $0, as: UTF8.self) != nil }
    self.patch = Lines(patch)
    parts = PatchParts(self.patch, from: 0)
    for line in info.split(separator: 0x0A) {
      func value(_ key: String) -> String? {
        line.begins(with: key) ? line.dropFirst(key.utf8.count).committed : nil
      }
      if let value = value("Author: ") {
        name = value
      } else if let value = value("Email: ") {
        email = value
      } else if let value = value("Subject: ") {
        subject = value
      } else if let value = value("Date: ") {
        date = value
      }
    }
  }
}

extension Signature {
  /// Reads `A U Thor <author@example.com> 1780000240 +0200`, as `git var` prints it.
  init?(ident: String) {
    guard let open = ident.firstIndex(of: "<"), let close = ident.lastIndex(of: ">") else { return nil }
    let moment = ident[close...].dropFirst().split(separator: " ")
    guard moment.count == 2, let seconds = Int64(moment[0]), let zone = Int(moment[1]) else { return nil }
    self.init(
      name: String(ident[..<open]).trimmed, email: String(ident[ident.index(after: open)..<close]), seconds: seconds,
      offsetMinutes: zone / 100 * 60 + zone % 100)
  }
}

extension Collection<UInt8> {
  /// The text that git writes to a commit for these bytes. git reads invalid UTF-8 as Latin-1 (`verify_utf8`).
  var committed: String {
    if let text = String(validating: self, as: UTF8.self) { return text }
    var result = String.UnicodeScalarView()
    var rest = self[...]
    var parser = Unicode.UTF8.ForwardParser()
    var bytes = makeIterator()
    while true {
      switch parser.parseScalar(from: &bytes) {
      case .valid(let scalar):
        rest = rest.dropFirst(scalar.count)
        result.append(Unicode.UTF8.decode(scalar))
      case .error(let length):
        result.append(contentsOf: rest.prefix(length).lazy.map { Unicode.Scalar($0) })
        rest = rest.dropFirst(length)
      case .emptyInput: return String(result)
      }
    }
  }
}
