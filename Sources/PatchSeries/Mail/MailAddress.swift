/// The name and the address in a `From:` field.
public struct MailAddress: Hashable, Sendable {
  /// The display name; empty if there is none.
  public var name: String
  /// The address itself, `user@host`.
  public var email: String

  /// An address with a display name.
  public init(name: String, email: String) {
    self.name = name
    self.email = email
  }

  /// Reads `Name <address>`, `"Name" <address>`, `Name <address> (more of the name)`, `address (Name)` and a bare
  /// address, which also serves as the name.
  public init?(_ text: String) {
    if let open = text.lastIndex(of: "<"), let close = text[open...].firstIndex(of: ">") {
      email = String(text[text.index(after: open)..<close]).trimmed
      name = [text[..<open], text[text.index(after: close)...]].map(\.trimmed).filter { !$0.isEmpty }
        .joined(separator: " ")
      if name.hasPrefix("\""), name.hasSuffix("\""), name.utf8.count >= 2 {
        name = Self.unescaped(name.dropFirst().dropLast())
      }
      if name.isEmpty { name = email }
      return
    }
    let bare = text.trimmed
    guard bare.contains("@") else { return nil }
    if let open = bare.firstIndex(of: "("), bare.hasSuffix(")") {
      name = String(bare[bare.index(after: open)...].dropLast()).trimmed
      email = String(bare[..<open]).trimmed
    } else {
      (name, email) = (bare, bare)
    }
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
