/// Decodes RFC 2047's `=?UTF-8?q?…?=` words in a header field.
enum EncodedWords {
  /// The text in UTF-8. A word in an unknown character set stays as it is.
  static func decode(_ text: ArraySlice<UInt8>) -> String {
    // Words are joined as bytes, since some mailers break a character in two.
    var result: [UInt8] = []
    var rest = text
    var afterWord = false
    while let start = wordStart(in: rest) {
      let before = rest[..<start]
      guard let word = word(rest[start...]), let text = word.text else {
        result += rest[..<(start + 2)]
        rest = rest[(start + 2)...]
        afterWord = false
        continue
      }
      // White space between two encoded words only separates them.
      if !(afterWord && before.allSatisfy(\.isSpace)) { result += before }
      result += text
      rest = word.rest
      afterWord = true
    }
    return (result + rest).text
  }

  /// The character set of the first word that cannot be decoded for it; nil if there is none.
  static func unknownCharset(in text: ArraySlice<UInt8>) -> String? {
    var rest = text
    while let start = wordStart(in: rest) {
      let word = word(rest[start...])
      if let word, word.text == nil { return word.charset }
      rest = word?.rest ?? rest[(start + 2)...]
    }
    return nil
  }

  private static func wordStart(in text: ArraySlice<UInt8>) -> Int? {
    text.indices.first { text[$0] == UInt8(ascii: "=") && $0 + 1 < text.endIndex && text[$0 + 1] == UInt8(ascii: "?") }
  }

  /// The word that `text` starts with, if it is one; without its text where that is not in the character set it names.
  private static func word(
    _ text: ArraySlice<UInt8>
  ) -> (charset: String, text: [UInt8]?, rest: ArraySlice<UInt8>)? {
    var rest = text.dropFirst(2)
    func part() -> ArraySlice<UInt8>? {
      guard let end = rest.firstIndex(of: UInt8(ascii: "?")) else { return nil }
      defer { rest = rest[(end + 1)...] }
      return rest[..<end]
    }
    guard let name = part(), let encoding = part(), encoding.count == 1, let content = part(),
      rest.first == UInt8(ascii: "=")
    else { return nil }
    var bytes: [UInt8] = []
    switch encoding.text.lowercased() {
    case "q": QuotedPrintable.decode(content, underscores: true, into: &bytes)
    case "b":
      var base64 = Base64()
      guard base64.decode(content, into: &bytes) else { return nil }
    default: return nil
    }
    return (name.text, Charset(name.text)?.utf8(bytes[...]), rest.dropFirst())
  }
}
