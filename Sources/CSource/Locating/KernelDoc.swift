public import Diagnostics

extension SourceFile {
  /// The lines of one entry in the kernel-doc comment above a struct or a function: the line that starts with
  /// `entry`, such as `@iova:`, and the lines that continue it.
  func kernelDoc(_ entry: String, of owner: String) throws(Mismatch) -> Range<Int> {
    let offset = try declarationStart(of: owner)
    guard let comment = commentAbove(lineStart(offset)) else {
      throw Mismatch(place(offset), "'\(owner)' has no comment above it", expected: entry)
    }
    var line = comment.lowerBound
    var start: Int?
    while line < comment.upperBound {
      let end = lineEnd(line)
      let words = bytes[line..<end].drop { $0.isSpace || $0 == UInt8(ascii: "*") }
      let endsEntry = words.isEmpty || words.first == UInt8(ascii: "@") || words.first == UInt8(ascii: "/")
      if let start, endsEntry { return start..<line }
      if start == nil, words.starts(with: Array(entry.utf8)) { start = line }
      line = end
    }
    throw Mismatch(
      place(comment.lowerBound), "the comment of '\(owner)' has no such entry", expected: entry,
      found: text(comment))
  }

  private func declarationStart(of owner: String) throws(Mismatch) -> Int {
    if let structure = try? structure(owner) { return tokens[structure.body.lowerBound - 3].start }
    return tokens[try function(owner).tokens.lowerBound].start
  }
}

/// A kernel-doc entry that describes something its struct does not have.
public struct ExcessDescription: Hashable, Sendable {
  /// The name it describes; for `@outer.inner:`, the last part.
  public var name: String
  /// The struct's tag.
  public var structure: String
  /// The entry's line in the comment.
  public var place: Place
}

extension SourceFile {
  /// The entries of kernel-doc comments above structs whose name appears nowhere in the struct.
  public func excessDescriptions() -> [ExcessDescription] {
    var found: [ExcessDescription] = []
    for index in tokens.indices where isToken(index, "struct") && isToken(index + 2, "{") {
      guard tokens[index + 1].kind == .identifier, let close = closing(index + 2),
        let comment = commentAbove(lineStart(tokens[index].start)), text(comment).hasPrefix("/**")
      else { continue }
      let structure = text(tokens[index + 1])
      let names = Set(tokens[index..<close].map(text))
      var line = comment.lowerBound
      while line < comment.upperBound {
        let words = bytes[line..<lineEnd(line)].drop { $0.isSpace || $0 == UInt8(ascii: "*") }
        let path = words.dropFirst().prefix { $0.isIdentifierPart || $0 == UInt8(ascii: ".") }
        // A member of a member is described as `@outer.inner:`.
        let name = String(decoding: path.split(separator: UInt8(ascii: ".")).last ?? [], as: UTF8.self)
        if words.first == UInt8(ascii: "@"), words.dropFirst(path.count + 1).first == UInt8(ascii: ":"),
          !name.isEmpty, !names.contains(name)
        {
          found.append(ExcessDescription(name: name, structure: structure, place: place(line)))
        }
        line = lineEnd(line)
      }
    }
    return found
  }
}
