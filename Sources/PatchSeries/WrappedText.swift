/// Wraps a line as git does (`strbuf_add_wrapped_text`).
public enum WrappedText {
  /// - Parameters:
  ///   - indent: spaces before the first line; if negative, the number of columns already taken on it.
  ///   - hanging: spaces before each further line.
  ///   - width: the last column in which a word may end, unless it is alone on its line.
  public static func wrap(_ text: String, indent: Int, hanging: Int, width: Int) -> String {
    var result = ""
    var column = abs(indent)
    var isFirstWord = indent >= 0
    if indent > 0 { result += String(repeating: " ", count: indent) }
    // A word keeps the white space before it. A line break replaces the first space.
    var spaces = ""
    var word = ""
    func flush() {
      guard !word.isEmpty else { return }
      let length = word.unicodeScalars.reduce(0) { $0 + columns($1) }
      if !isFirstWord, column + spaces.count + length > width {
        result += "\n" + String(repeating: " ", count: hanging) + spaces.dropFirst() + word
        column = hanging + max(0, spaces.count - 1) + length
      } else {
        result += spaces + word
        column += spaces.count + length
      }
      isFirstWord = false
      spaces = ""
      word = ""
    }
    for character in text {
      if character == " " || character == "\t" || character == "\n" {
        flush()
        spaces.append(character == "\n" ? " " : character)
      } else {
        word.append(character)
      }
    }
    flush()
    return result + spaces
  }

  /// The columns that a character takes on a terminal: none for a combining mark, two for an East Asian wide character.
  private static func columns(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
