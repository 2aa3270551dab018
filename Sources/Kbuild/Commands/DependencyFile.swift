/// A dependency file that a compiler writes for make: `object: file file \`.
enum DependencyFile {
  /// The files named after the first colon, spelled as in the text but unescaped.
  static func files(_ text: String) -> [String] {
    guard
      let colon = text.ranges(of: ":").first(where: { range in
        range.upperBound == text.endIndex || text[range.upperBound].isWhitespace
      })
    else { return [] }
    var files: [String] = []
    var current = ""
    var rest = text[colon.upperBound...]
    while let character = rest.popFirst() {
      if character == "\\", let next = rest.first {
        rest.removeFirst()
        // A backslash at the end of a line joins lines; one before a blank makes the blank part of the name.
        if !next.isNewline {
          current.append(next)
        } else if !current.isEmpty {
          files.append(current)
          current = ""
        }
      } else if character == "$", rest.first == "$" {
        rest.removeFirst()
        current.append("$")
      } else if character.isWhitespace {
        if !current.isEmpty { files.append(current) }
        current = ""
      } else {
        current.append(character)
      }
    }
    if !current.isEmpty { files.append(current) }
    return files
  }
}
