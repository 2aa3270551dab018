import Diagnostics
import PatchSeries
import Support

/// The lines of a mailed patch, each with its place in the patched file.
struct PatchLines: Sendable {
  struct Line: Hashable {
    var text: ArraySlice<UInt8>
    /// Nil for a line of the message, of a file's header, or a hunk's header.
    var kind: Hunk.Line.Kind?
    /// The file that the line belongs to; nil in the message.
    var file: String?
    /// One-based; nil unless the patched file has the line.
    var line: Int?
  }

  let lines: [Line]
  private let files: [FileDiff]
  /// Text that ends the mail. Findings about the whole mail are placed at its last line, which must not be a line of a
  /// hunk.
  private static let end = Array("-- ".utf8)

  /// The files that the patch adds, changes or deletes.
  var paths: Set<String> { Set(files.map(\.path)) }

  /// Line `number`, one-based; an empty line if there is none.
  subscript(number: Int) -> Line {
    lines.indices.contains(number - 1) ? lines[number - 1] : Line(text: [])
  }

  var bytes: [UInt8] { lines.flatMap { Array($0.text) + [UInt8(ascii: "\n")] } }

  /// - Throws: `Failure(.input)` for a damaged diff.
  init(_ mail: [UInt8]) throws(Failure) {
    let rows = Lines(mail)
    var lines = (0..<rows.count).map { Line(text: rows.content($0)) }
    let start = lines.firstIndex { $0.text.starts(with: "diff --git ".utf8) } ?? lines.count
    let diff = Array(rows[start..<rows.count])
    files = try DiffReader.read(diff, file: "the patch", firstLine: start + 1)
    for file in files {
      let count = diff[file.bytes].count { $0 == UInt8(ascii: "\n") }
      for index in file.number - 1..<file.number - 1 + count { lines[index].file = file.path }
      for hunk in file.hunks {
        var number = hunk.newStart
        for line in hunk.lines {
          lines[line.number - 1].kind = line.kind
          if line.kind == .removed { continue }
          lines[line.number - 1].line = number
          number += 1
        }
      }
    }
    lines.append(Line(text: Self.end[...]))
    self.lines = lines
  }

  private init(_ lines: [Line], of files: [FileDiff]) {
    (self.lines, self.files) = (lines, files)
  }

  /// The patch without its changes: added lines dropped, removed lines turned into context.
  var unchanged: PatchLines {
    let hunks = Dictionary(files.flatMap(\.hunks).map { ($0.number, $0) }) { first, _ in first }
    var kept: [Line] = []
    var isDropped = false
    for (index, line) in lines.enumerated() {
      var line = line
      // "\ No newline at end of file" belongs to the line before it.
      if line.kind != nil || line.text.first != UInt8(ascii: "\\") { isDropped = line.kind == .added }
      if line.kind == .removed { line.text = [UInt8(ascii: " ")] + line.text.dropFirst() }
      if line.kind != nil { line.kind = .context }
      if let hunk = hunks[index + 1] {
        if hunk.oldCount == 0 { continue }
        let side = "\(hunk.oldStart),\(hunk.oldCount)"
        line.text = Array("@@ -\(side) +\(side) @@ \(hunk.heading)".utf8)[...]
      }
      if !isDropped { kept.append(line) }
    }
    return PatchLines(kept, of: files)
  }
}
