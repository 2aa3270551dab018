/// Decodes RFC 2047's `=?UTF-8?q?…?=` words in a header field.
enum EncodedWords {
  static func decode(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    var afterWord = false
    while let start = rest.range(ofText: "=?") {
      let before = rest[..<start]
      guard let word = word(rest[start...]) else {
        result += before + "=?"
        rest = rest[rest.index(start, offsetBy: 2)...]
        afterWord = false
        continue
      }
      // White space between two encoded words only separates them.
      if !(afterWord && before.allSatisfy(\.isWhitespace)) { result += before }
      result += word.text
      rest = word.rest
      afterWord = true
    }
    return result + rest
  }

  private static func word(_ text: Substring) -> (text: String, rest: Substring)? {
    let parts = text.dropFirst(2).split(separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, parts[3].hasPrefix("=") else { return nil }
    let bytes: [UInt8]?
    switch parts[1].lowercased() {
    case "q": bytes = quotedPrintable(Array(parts[2].utf8))
    case "b": bytes = base64(Array(parts[2].utf8))
    default: bytes = nil
    }
    guard let bytes else { return nil }
    let decoded: String
    switch parts[0].lowercased() {
    case "utf-8", "us-ascii", "utf8": decoded = bytes.text
    case "iso-8859-1", "latin1":
      decoded = String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    default: return nil
    }
    return (decoded, parts[3].dropFirst())
  }

  private static func quotedPrintable(_ text: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var at = 0
    while at < text.count {
      switch text[at] {
      case UInt8(ascii: "_"): result.append(0x20)
      case UInt8(ascii: "="):
        guard at + 2 < text.count, let byte = UInt8(text[at + 1...at + 2].text, radix: 16) else { return nil }
        result.append(byte)
        at += 2
      default: result.append(text[at])
      }
      at += 1
    }
    return result
  }

  private static func base64(_ text: [UInt8]) -> [UInt8]? {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    var (bits, count): (UInt32, Int) = (0, 0)
    for byte in text where byte != UInt8(ascii: "=") {
      guard let value = alphabet.firstIndex(of: byte) else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        result.append(UInt8(truncatingIfNeeded: bits >> count))
      }
    }
    return result
  }
}

extension Substring {
  /// Where `text` first stands.
  func range(ofText text: String) -> Index? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(text) { return index }
      index = self.index(after: index)
    }
    return nil
  }
}
