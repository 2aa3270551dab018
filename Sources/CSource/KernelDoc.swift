import Diagnostics

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
