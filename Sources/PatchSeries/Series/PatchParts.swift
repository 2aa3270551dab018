import Support

/// The lines of a patch's text, of the notes below its `---`, and of its diff.
struct PatchParts: Sendable {
  let body: Range<Int>
  let notes: Range<Int>
  /// From the first diff to the end; nil if there is no diff.
  let diff: Range<Int>?

  /// - Parameter start: the first line of the text.
  init(_ lines: Lines, from start: Int) {
    let end = (start..<lines.count).first { Self.endsText(lines[$0]) } ?? lines.count
    let diff = (end..<lines.count).first { Self.startsDiff(lines, $0) }
    let limit = diff ?? lines.count
    let below = min(end < limit && Self.isDashes(lines[end]) ? end + 1 : end, limit)..<limit
    let stat = below.first { Self.isStat(lines[$0]) } ?? limit
    body = start..<end
    notes = below.lowerBound..<stat
    self.diff = diff.map { $0..<lines.count }
  }

  /// Whether the patch starts at this line for `git am` (`patchbreak` in mailinfo.c).
  private static func endsText(_ line: ArraySlice<UInt8>) -> Bool {
    switch line.first {
    case UInt8(ascii: "d"): return line.begins(with: "diff -")
    case UInt8(ascii: "I"): return line.begins(with: "Index: ")
    case UInt8(ascii: "-"):
      let after = line.dropFirst("--- ".utf8.count).first
      return isDashes(line) || (line.begins(with: "--- ") && after.map { !$0.isSpace } == true)
    default: return false
    }
  }

  private static func isDashes(_ line: ArraySlice<UInt8>) -> Bool {
    line.begins(with: "---") && line.dropFirst(3).allSatisfy(\.isSpace)
  }

  private static func startsDiff(_ lines: Lines, _ index: Int) -> Bool {
    switch lines.bytes[lines.ranges[index].lowerBound] {
    case UInt8(ascii: "d"): return lines[index].begins(with: "diff -")
    case UInt8(ascii: "-"):
      return lines[index].begins(with: "--- ") && index + 1 < lines.count && lines[index + 1].begins(with: "+++ ")
    default: return false
    }
  }

  /// ` drivers/iommu/iommu.c | 12 ++++--`, or the line of totals.
  static func isStat(_ line: ArraySlice<UInt8>) -> Bool {
    guard line.first == 0x20 else { return false }
    let words = line.split { $0.isSpace }
    if words.count >= 3, words[1].begins(with: "file"), words[2].begins(with: "changed") { return true }
    guard let bar = words.lastIndex(where: { $0.elementsEqual("|".utf8) }), bar > 0, bar + 1 < words.count else {
      return false
    }
    return words[bar + 1].allSatisfy(\.isDigit) || words[bar + 1].elementsEqual("Bin".utf8)
  }
}

extension Collection<UInt8> {
  /// A mail's text as `git am` commits it (`git stripspace`), but without the final newline: no white space at the ends
  /// of lines, no empty lines at the start and end, and one empty line in place of several.
  var strippedSpace: [UInt8] {
    var result: [UInt8] = []
    var isBlank = false
    for line in split(separator: 0x0A, omittingEmptySubsequences: false) {
      let content = Array(line).trimmedEnd(of: \.isGitSpace)
      if content.isEmpty {
        isBlank = true
        continue
      }
      if !result.isEmpty { result += isBlank ? [0x0A, 0x0A] : [0x0A] }
      result += content
      isBlank = false
    }
    return result
  }
}
