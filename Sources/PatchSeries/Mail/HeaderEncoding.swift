/// Header fields as `git format-patch` folds and encodes them (pretty.c).
enum HeaderEncoding {
  enum Kind {
    case subject, address
  }

  /// Columns. RFC 2047 allows 76 in an encoded line; git limits other lines to 78.
  private static let encodedLimit = 76
  private static let limit = 78

  /// `field` followed by the text, folded if it is long.
  static func subject(_ text: String, after field: String) -> String {
    if needsEncoding(text) { return encoded(text, .subject, after: field) }
    return field + WrappedText.wrap(text, indent: -field.utf8.count, hanging: 1, width: limit)
  }

  /// `From: name <email>`.
  static func from(_ name: String, _ email: String) -> String {
    address(name, email, after: "From: ")
  }

  /// `To: name <email>,` and a line for each further address. A name that equals the address is left out.
  static func addresses(_ addresses: [MailAddress], after field: String) -> String {
    addresses.enumerated().map { index, mail in
      let start = index == 0 ? field : " "
      return mail.name == mail.email ? start + mail.email : address(mail.name, mail.email, after: start)
    }.joined(separator: ",\n")
  }

  private static func address(_ name: String, _ email: String, after field: String) -> String {
    let encodes = needsEncoding(name)
    let needsQuotes = !encodes && name.utf8.contains { "()<>[]:;@\\,.\"".utf8.contains($0) }
    let escaped = name.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
    let text =
      encodes
      ? encoded(name, .address, after: field)
      : field
        + WrappedText.wrap(needsQuotes ? "\"\(escaped)\"" : name, indent: -field.utf8.count, hanging: 1, width: limit)
    let last = text.split(separator: "\n").last?.utf8.count ?? 0
    let breaks = last + email.utf8.count + 3 > (encodes ? encodedLimit : limit)
    return text + (breaks ? "\n" : "") + " <\(email)>"
  }

  static func hasNonASCII(_ text: String) -> Bool {
    text.utf8.contains { $0 >= 0x80 || $0 == 0x1B }
  }

  private static func needsEncoding(_ text: String) -> Bool {
    hasNonASCII(text) || text.utf8.contains(0x0A) || text.contains("=?")
  }

  private static func encoded(_ text: String, _ kind: Kind, after field: String) -> String {
    let start = "=?UTF-8?q?"
    var result = field + start
    var column = result.utf8.count
    for scalar in text.unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      let plain = bytes.count == 1 && !isSpecial(bytes[0], kind)
      let width = plain ? 1 : 3 * bytes.count
      // Two columns are reserved for the closing "?=".
      if column + width + 2 > encodedLimit {
        result += "?=\n " + start
        column = start.utf8.count + 1
      }
      result += plain ? String(scalar) : bytes.map { "=" + hexadecimal($0) }.joined()
      column += width
    }
    return result + "?="
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count == 1 ? "0" + digits : digits
  }

  private static func isSpecial(_ byte: UInt8, _ kind: Kind) -> Bool {
    if byte <= 0x20 || byte >= 0x7F || "=?_".utf8.contains(byte) { return true }
    return kind == .address && !byte.isAlphanumeric && !"!*+-/".utf8.contains(byte)
  }
}
