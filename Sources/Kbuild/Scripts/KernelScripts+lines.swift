/// The lines of a mailed patch, each with its place in the patched file.
struct PatchLines: Sendable {
  enum Kind: Hashable {
    /// A line of the message, of a file's header, or a hunk's header.
    case other
    case context, added, removed
  }

  struct Line: Hashable {
    var text: ArraySlice<UInt8>
    var kind = Kind.other
    /// The file that the line belongs to; nil in the message.
    var file: String?
    /// One-based; nil unless the patched file has the line.
    var line: Int?
  }

  private(set) var lines: [Line] = []
  /// The files that the patch adds, changes or deletes.
  private(set) var files: Set<String> = []

  /// Line `number`, one-based; an empty line if there is none.
  subscript(number: Int) -> Line {
    lines.indices.contains(number - 1) ? lines[number - 1] : Line(text: [])
  }

  var bytes: [UInt8] { Array(lines.map(\.text).joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")] }

  init(_ patch: [UInt8]) {
    var rows = patch.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if rows.last?.isEmpty == true { rows.removeLast() }
    var file: String?
    var number = 0
    var left = (old: 0, new: 0)
    for text in rows {
      var line = Line(text: text, file: file)
      if left.old > 0 || left.new > 0 {
        switch text.first {
        case UInt8(ascii: "+"):
          line.kind = .added
          left.new -= 1
        case UInt8(ascii: "-"):
          line.kind = .removed
          left.old -= 1
        case UInt8(ascii: "\\"): break
        default:
          line.kind = .context
          left = (left.old - 1, left.new - 1)
        }
        if line.kind == .context || line.kind == .added {
          number += 1
          line.line = number
        }
      } else if let name = Self.name(in: text) {
        file = name
        files.insert(name)
        line.file = name
      } else if file != nil, let hunk = Self.hunk(text) {
        number = hunk.new - 1
        left = (hunk.oldCount, hunk.newCount)
      } else if text.starts(with: "-- ".utf8) {
        file = nil
        line.file = nil
      }
      lines.append(line)
    }
  }

  /// The patch without its changes: added lines dropped, removed lines turned into context.
  var unchanged: PatchLines {
    var result: [UInt8] = []
    var dropped = false
    for line in lines {
      var text = Array(line.text)
      switch line.kind {
      case .added:
        dropped = true
        continue
      case .removed: text[0] = UInt8(ascii: " ")
      case .context: break
      case .other:
        // "\ No newline at end of file" belongs to the line before it.
        if dropped && text.first == UInt8(ascii: "\\") { continue }
        if let hunk = Self.hunk(line.text) {
          if hunk.oldCount == 0 { continue }
          text = Array("@@ -\(hunk.old),\(hunk.oldCount) +\(hunk.old),\(hunk.oldCount) @@\(hunk.heading)".utf8)
        }
      }
      dropped = false
      result += text + [UInt8(ascii: "\n")]
    }
    return PatchLines(result)
  }

  /// The path in "diff --git a/PATH b/PATH" and in "+++ b/PATH"; nil for any other line and for /dev/null.
  private static func name(in text: ArraySlice<UInt8>) -> String? {
    let line = String(decoding: text, as: UTF8.self)
    if line.hasPrefix("diff --git ") {
      return line.ranges(of: " b/").last.map { String(line[$0.upperBound...]) }
    }
    guard line.hasPrefix("+++ b/") else { return nil }
    return String(line.dropFirst(6).prefix { $0 != "\t" })
  }

  private struct Hunk {
    var old: Int, oldCount: Int
    var new: Int, newCount: Int
    /// What follows the second "@@".
    var heading: Substring
  }

  private static func hunk(_ text: ArraySlice<UInt8>) -> Hunk? {
    guard text.starts(with: "@@ -".utf8) else { return nil }
    let line = String(decoding: text, as: UTF8.self)
    guard
      let match = line.firstMatch(of: #/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/#),
      let old = Int(match.1), let new = Int(match.3)
    else { return nil }
    return Hunk(
      old: old, oldCount: match.2.flatMap { Int($0) } ?? 1, new: new, newCount: match.4.flatMap { Int($0) } ?? 1,
      heading: line[match.range.upperBound...])
  }
}
