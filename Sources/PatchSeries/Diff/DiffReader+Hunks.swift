import Diagnostics
import Support

extension DiffReader {
  /// Reads the one or more hunks that start at the current line.
  mutating func readHunks() throws(Failure) -> [Hunk] {
    var hunks: [Hunk] = []
    while at < lines.count, lines[at].begins(with: "@@ -") {
      let hunk = try readHunk()
      if let last = hunks.last, hunk.oldIndex < last.oldIndex + last.oldCount {
        throw Failure(
          .input, at: Place(file, line: hunk.number), "hunk \(hunk.range) starts before the end of the hunk above it")
      }
      hunks.append(hunk)
    }
    return hunks
  }

  private mutating func readHunk() throws(Failure) -> Hunk {
    var hunk = try readRange()
    at += 1
    var old = hunk.oldCount
    var new = hunk.newCount
    while old > 0 || new > 0 {
      guard at < lines.count else {
        throw malformed(
          "hunk \(hunk.range) is truncated: its header states \(hunk.oldCount) old and \(hunk.newCount) new lines, "
            + "but the patch ends after \(hunk.oldCount - old) and \(hunk.newCount - new)",
          line: hunk.number - firstLine)
      }
      let line = lines[at]
      let kind: Hunk.Line.Kind
      switch line.first {
      case UInt8(ascii: " "), UInt8(ascii: "\n"): kind = .context
      case UInt8(ascii: "+"): kind = .added
      case UInt8(ascii: "-"): kind = .removed
      case UInt8(ascii: "\\"):
        try endWithoutNewline(&hunk)
        continue
      default:
        throw malformed(
          "line of hunk \(hunk.range) does not start with ' ', '+', '-' or '\\'",
          notes: ["its header expects \(old) more old and \(new) more new lines; did a mailer wrap the patch?"])
      }
      if kind != .added { old -= 1 }
      if kind != .removed { new -= 1 }
      guard old >= 0, new >= 0 else {
        throw malformed(
          "hunk \(hunk.range) does not match the counts in its header: \(hunk.oldCount) old, \(hunk.newCount) new",
          notes: ["if the patch was edited by hand, its counts are wrong: regenerate it with git format-patch"])
      }
      guard line.last == 0x0A else { throw malformed("patch ends in the middle of a line in hunk \(hunk.range)") }
      let content = line.count == 1 && line.first == 0x0A ? line : line.dropFirst()
      hunk.lines.append(Hunk.Line(kind: kind, content: Array(content), number: number(at)))
      at += 1
    }
    if at < lines.count, lines[at].first == UInt8(ascii: "\\") { try endWithoutNewline(&hunk) }
    guard hunk.lines.contains(where: { $0.kind != .context }) else {
      throw malformed("hunk \(hunk.range) changes nothing", line: hunk.number - firstLine)
    }
    return hunk
  }

  /// `\ No newline at end of file`: the line above lacks its newline.
  private mutating func endWithoutNewline(_ hunk: inout Hunk) throws(Failure) {
    guard let last = hunk.lines.last, last.content.last == 0x0A else {
      throw malformed("'\\ No newline at end of file' does not follow a line of the hunk")
    }
    // git recognises it in any language by its length, and passes over a shorter one at the end of a patch.
    guard lines[at].begins(with: "\\ "), lines[at].count > 12 else {
      throw malformed("line starts with '\\' but is not '\\ No newline at end of file'")
    }
    hunk.lines[hunk.lines.count - 1].content.removeLast()
    at += 1
  }

  /// `@@ -10,7 +10,8 @@ heading`.
  private func readRange() throws(Failure) -> Hunk {
    var rest = lines.content(at).dropFirst("@@ -".utf8.count)
    func number(in text: inout ArraySlice<UInt8>) -> Int? {
      let digits = text.prefix { $0.isDigit }
      text = text.dropFirst(digits.count)
      // Nine digits exceed the line count of any source, and sums of such numbers cannot overflow.
      return digits.count <= 9 ? Int(digits.text) : nil
    }
    func side(in text: inout ArraySlice<UInt8>) -> (start: Int, count: Int)? {
      guard let start = number(in: &text) else { return nil }
      guard text.first == UInt8(ascii: ",") else { return (start, 1) }
      text = text.dropFirst()
      return number(in: &text).map { (start, $0) }
    }
    guard let old = side(in: &rest), rest.begins(with: " +") else { throw malformed("unreadable hunk header") }
    rest = rest.dropFirst(2)
    guard let new = side(in: &rest), rest.begins(with: " @@") else { throw malformed("unreadable hunk header") }
    rest = rest.dropFirst(3)
    guard old.start > 0 || old.count == 0, new.start > 0 || new.count == 0, old.count > 0 || new.count > 0 else {
      throw malformed("hunk header states a range that no file has")
    }
    return Hunk(
      oldStart: old.start, oldCount: old.count, newStart: new.start, newCount: new.count,
      heading: rest.first == 0x20 ? rest.dropFirst().text : rest.text, lines: [], number: self.number(at))
  }
}
