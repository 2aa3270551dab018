/// The subjects of a series by author, as git puts them into a cover letter.
struct Shortlog {
  private let patches: [Patch]

  init(_ patches: [Patch]) {
    self.patches = patches
  }

  var text: String {
    let subjects = Dictionary(grouping: patches, by: \.author.name).mapValues { $0.map(\.subject) }
    return subjects.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { author, subjects in
      "\(author) (\(subjects.count)):\n"
        + subjects.map { WrappedText.wrap($0, indent: 2, hanging: 4, width: 72) + "\n" }.joined() + "\n"
    }.joined()
  }

  /// A cover letter's text without the shortlog and the diffstat at its end.
  static func removed(from text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if let stat = lines.firstIndex(where: { PatchParts.isStat(Array($0.utf8)[...]) }) {
      lines.removeSubrange(stat...)
    }
    while true {
      while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
      guard let header = lines.lastIndex(where: { !$0.hasPrefix("  ") }), header + 1 < lines.count,
        isHeader(lines[header])
      else { return lines.joined(separator: "\n") }
      lines.removeSubrange(header...)
    }
  }

  /// `A U Thor (3):`.
  private static func isHeader(_ line: Substring) -> Bool {
    guard line.hasSuffix("):"), let open = line.lastIndex(of: "(") else { return false }
    return Int(line[line.index(after: open)...].dropLast(2)) != nil
  }
}
