/// Paths as git writes them in patches: in double quotes with C escapes where they hold a control character, a quote,
/// a backslash or a byte outside ASCII (`core.quotePath`).
public enum PathQuoting {
  private static let escapes: [UInt8: Character] = [
    0x07: "a", 0x08: "b", 0x09: "t", 0x0A: "n", 0x0B: "v", 0x0C: "f", 0x0D: "r", 0x22: "\"", 0x5C: "\\",
  ]

  /// `prefix` and `path` as one quoted word, or as they are if nothing needs quoting.
  public static func quoted(_ path: String, prefix: String = "") -> String {
    let name = prefix + path
    guard name.utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F || $0 == 0x22 || $0 == 0x5C }) else { return name }
    var result = "\""
    for byte in name.utf8 {
      if let escape = escapes[byte] {
        result += "\\\(escape)"
      } else if byte < 0x20 || byte >= 0x7F {
        let digits = String(byte, radix: 8)
        result += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      } else {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      }
    }
    return result + "\""
  }

  /// The path at the start of `text`, quoted or up to `end`, and what follows it; nil if a quote is never closed.
  static func unquoted(_ text: ArraySlice<UInt8>) -> (path: String, rest: ArraySlice<UInt8>)? {
    var bytes: [UInt8] = []
    var rest = text.dropFirst()
    while let byte = rest.popFirst() {
      if byte == 0x22 { return (bytes.text, rest) }
      guard byte == 0x5C else {
        bytes.append(byte)
        continue
      }
      guard let escaped = rest.first else { return nil }
      if (0x30...0x33).contains(escaped) {
        guard rest.count >= 3, let value = UInt8(rest.prefix(3).text, radix: 8) else { return nil }
        bytes.append(value)
        rest = rest.dropFirst(3)
      } else {
        let letter = Character(Unicode.Scalar(escaped))
        guard let value = escapes.first(where: { $0.value == letter })?.key else { return nil }
        bytes.append(value)
        rest = rest.dropFirst()
      }
    }
    return nil
  }
}
