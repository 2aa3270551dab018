/// A dependency file as compilers write it for make: `object: file file \`.
enum DependencyFile {
  /// The files it names after the first colon, as they are written.
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
        // A backslash at the end of a line joins lines; before a blank it is part of the name.
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
