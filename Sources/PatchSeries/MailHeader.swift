/// The header fields of a message, unfolded and decoded.
struct MailHeader {
  private var fields: [(name: String, value: String)] = []

  /// Reads fields from `lines[at]` on and moves `at` behind the empty line that ends them.
  init(_ lines: Lines, at: inout Int) {
    while at < lines.count {
      let line = lines.content(at).trimmedEnd
      if line.isEmpty {
        at += 1
        return
      }
      if let first = line.first, first == 0x20 || first == 0x09, !fields.isEmpty {
        fields[fields.count - 1].value += " " + line.text.trimmed
      } else if let field = Self.field(line) {
        fields.append(field)
      } else {
        return
      }
      at += 1
    }
  }

  /// The decoded value of the first field of that name.
  subscript(name: String) -> String? {
    fields.first { $0.name == name.lowercased() }.map { EncodedWords.decode($0.value) }
  }

  static func field(_ line: ArraySlice<UInt8>) -> (name: String, value: String)? {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
      line[..<colon].allSatisfy({ $0.isAlphanumeric || $0 == UInt8(ascii: "-") })
    else { return nil }
    return (line[..<colon].text.lowercased(), line[(colon + 1)...].text.trimmed)
  }

  /// The name and address of `Name <address>`, `"Name" <address>` or `address (Name)`.
  static func person(_ text: String) -> (name: String, email: String)? {
    if let open = text.lastIndex(of: "<"), let close = text[open...].firstIndex(of: ">") {
      let email = String(text[text.index(after: open)..<close]).trimmed
      var name = String(text[..<open]).trimmed
      if name.hasPrefix("\""), name.hasSuffix("\""), name.utf8.count >= 2 {
        name = unescaped(name.dropFirst().dropLast())
      }
      return (name.isEmpty ? email : name, email)
    }
    let bare = text.trimmed
    guard bare.contains("@") else { return nil }
    if let open = bare.firstIndex(of: "("), bare.hasSuffix(")") {
      return (String(bare[bare.index(after: open)...].dropLast()).trimmed, String(bare[..<open]).trimmed)
    }
    return (bare, bare)
  }

  private static func unescaped(_ text: Substring) -> String {
    var result = ""
    var quoted = false
    for character in text {
      if character == "\\", !quoted {
        quoted = true
      } else {
        result.append(character)
        quoted = false
      }
    }
    return result
  }
}
