import Diagnostics
import PatchSeries
import Verification

/// What shows why a series falls: the hunks to blame, the lines that fail, and the hunks of the patch that fixes them.
struct FallEvidence {
  /// A hunk, or the part of a long one that matters.
  struct Part {
    var file: String
    /// The hunk's `@@` line.
    var header: String
    var lines: [DiffText.Run]
  }

  /// A finding with the source lines around it.
  struct Failing {
    var finding: ReportedFinding
    var lines: [SourceLine]
  }

  struct SourceLine {
    var number: Int
    var text: String
    /// Below the line, where in it the problem is; nil for lines that only surround it.
    var mark: String?
  }

  var bad: FirstBad
  /// The lanes in which the check fails; empty if it depends on none.
  var lanes: [String]
  var failing: [Failing]
  /// How many more findings the check has.
  var omitted: Int
  /// How to fix the series; empty if that is not known.
  var advice: String
  var blamed: [Part]
  var mending: [Part]

  private static let mostFailing = 3
  private static let mostParts = 2
  private static let context = 3
  private static let longestPart = 28

  /// - Parameters:
  ///   - diffs: the diff of each commit.
  ///   - file: the contents of a file after the first bad commit; nil if they are not known.
  init?(_ report: VerifyReport, diffs: [String], file: (String) -> [UInt8]?) {
    guard let bad = report.firstBad, let commit = report.commits.first(where: { $0.index == bad.index }) else {
      return nil
    }
    self.bad = bad
    let checks = commit.checks.filter { $0.name == bad.check && $0.verdict == .fail }
    lanes = checks.compactMap(\.lane)
    let found = (checks.first { $0.lane == bad.lane }?.findings ?? []).filter { $0.accepted == nil }
    let errors = found.filter { $0.severity == .error }
    let shown = errors.isEmpty ? found : errors
    failing = shown.prefix(Self.mostFailing).map { Failing(finding: $0, lines: Self.lines(around: $0, file)) }
    omitted = found.count - failing.count
    let first = shown.first?.finding
    advice = shown.first.map { bad.advice(on: $0) ?? "" } ?? bad.reason
    let clues = first.map { Clues($0) }
    func parts(of index: Int?, _ side: Side) -> [Part] {
      guard let index, let clues, let diff = diffs.dropFirst(index - 1).first else { return [] }
      return Self.parts(of: diff, clues, side)
    }
    blamed = parts(of: bad.index, .new)
    mending = parts(of: bad.fixedBy, .old)
  }

  private static func lines(around finding: ReportedFinding, _ file: (String) -> [UInt8]?) -> [SourceLine] {
    guard let path = finding.file, let line = finding.line, let bytes = file(path) else { return [] }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    return lines.indices.filter { abs($0 + 1 - line) <= context }.map { index in
      let text = lines[index]
      // Tabs stay, so that the mark is below its column at any width of them.
      let before = text.utf8.prefix(max(0, (finding.column ?? 1) - 1)).map { $0 == UInt8(ascii: "\t") ? "\t" : " " }
      let mark = finding.column == nil ? "" : before.joined() + "^"
      return SourceLine(number: index + 1, text: String(text), mark: index + 1 == line ? mark : nil)
    }
  }

  private enum Side { case old, new }

  /// What a finding says about the hunks that it is about.
  private struct Clues {
    var message: String
    /// Where the finding and its notes are.
    var places: [(file: String, line: Int)] = []
    /// The identifiers that it quotes.
    var names: Set<String> = []

    init(_ finding: Finding) {
      message = finding.message
      if let place = finding.place { places.append((place.file, place.line ?? 0)) }
      for note in finding.notes {
        guard let match = note.prefixMatch(of: /([^\s:]+):(\d+)[:,]/), let line = Int(match.2) else { continue }
        places.append((String(match.1), line))
      }
      for quoted in ([message] + finding.notes).joined(separator: "\n").matches(of: /'([^'\n]+)'/) {
        // The last word: "struct" in "struct ops" tells nothing.
        if let name = FallEvidence.words(quoted.1).last { names.insert(String(name)) }
      }
    }
  }

  private static func words(_ text: some StringProtocol) -> [Substring] {
    Substring(text).split { !($0.isLetter || $0.isNumber || $0 == "_") }
  }

  /// The hunks that the clues speak of most clearly: a failed hunk by its range, one that has the line, one that changes
  /// a line with a name, one of the file.
  private static func parts(of diff: String, _ clues: Clues, _ side: Side) -> [Part] {
    guard let files = try? DiffReader.read(Array(diff.utf8), file: "") else { return [] }
    let scored = files.flatMap { file in
      file.hunks.map { hunk in (file: file, hunk: hunk, focus: focus(hunk, of: file, clues, side)) }
    }
    let best = scored.map(\.focus.score).max() ?? 0
    guard best > 0 else { return [] }
    return scored.filter { $0.focus.score == best }.prefix(mostParts).map { file, hunk, focus in
      // The part around the line that matters.
      let start = max(0, min(focus.line - longestPart / 2, hunk.lines.count - longestPart))
      let lines = hunk.lines[start..<min(hunk.lines.count, start + longestPart)]
      let text = lines.map { line in
        let sign = line.kind == .added ? "+" : line.kind == .removed ? "-" : " "
        return sign + String(decoding: line.content.filter { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
      }
      var runs = DiffText.runs(text, isHunk: true)
      if start > 0 { runs.insert(.init(kind: .head, text: "…\n"), at: 0) }
      if start + longestPart < hunk.lines.count { runs.append(.init(kind: .head, text: "…\n")) }
      return Part(
        file: file.path, header: hunk.range + (hunk.heading.isEmpty ? "" : " " + hunk.heading), lines: runs)
    }
  }

  /// How clearly the clues speak of a hunk, and the index of the line that they speak of.
  private static func focus(
    _ hunk: Hunk, of file: FileDiff, _ clues: Clues, _ side: Side
  ) -> (score: Int, line: Int) {
    var score = 0
    var line = 0
    if clues.places.contains(where: { $0.file == file.path }) { score += 1 }
    let named = hunk.lines.firstIndex { line in
      line.kind != .context
        && !clues.names.isDisjoint(with: words(String(decoding: line.content, as: UTF8.self)).map(String.init))
    }
    if let named { (score, line) = (score + 2, named) }
    let lines = hunk.lines.indices.filter { hunk.lines[$0].kind != (side == .new ? .removed : .added) }
    let numbered = zip(lines, (side == .new ? hunk.newStart : hunk.oldStart)...)
    let has = numbered.first { _, number in clues.places.contains { $0.file == file.path && $0.line == number } }
    if let has { (score, line) = (score + 4, has.0) }
    if clues.message.contains("\(hunk.range) of \(file.path) ") { score += 8 }
    return (score, line)
  }
}
