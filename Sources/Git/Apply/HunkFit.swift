import Diagnostics
import PatchSeries
import Support

/// A file's lines, to find where a hunk applies and to explain why it does not.
struct HunkFit {
  private let table: Lines
  private let placement: HunkPlacement

  init(_ bytes: [UInt8], _ placement: HunkPlacement) {
    table = Lines(bytes)
    self.placement = placement
  }

  private var count: Int { table.count }

  /// A hunk where it applies.
  struct Placed {
    let stated: Hunk
    /// The same with its old start moved.
    var hunk: Hunk

    init(_ stated: Hunk, at index: Int? = nil) {
      self.stated = stated
      hunk = stated
      if let index { hunk.oldStart += index - stated.oldIndex }
    }

    var distance: Int { hunk.oldStart - stated.oldStart }
  }

  /// The hunks, in the order of the file. One that applies nowhere stays where it says.
  func placed(_ hunks: [Hunk]) -> [Placed] {
    switch placement {
    case .stated: return hunks.map { Placed($0) }
    case .asGit:
      var image = GitImage(table)
      return hunks.map { Placed($0, at: image.apply($0)) }.sorted { $0.hunk.oldIndex < $1.hunk.oldIndex }
    }
  }

  /// A finding for each hunk that does not apply.
  func problems(with hunks: [Hunk], in diff: FileDiff, patch: String) -> [Finding] {
    var next = 0
    let problems: [Finding] = hunks.compactMap { hunk in
      guard let notes = notes(on: hunk, in: diff, from: next) else {
        next = hunk.oldIndex + hunk.oldCount
        return nil
      }
      return Finding(
        at: Place(patch, line: hunk.number), "hunk \(hunk.range) of \(diff.path) does not apply", notes: notes)
    }
    guard problems.count > Self.mostProblems else { return problems }
    let others = (problems.count - Self.mostProblems).counted("more hunk")
    let place = Place(patch, line: diff.number)
    return problems.prefix(Self.mostProblems) + [Finding(at: place, "\(others) of \(diff.path) do not apply")]
  }

  /// How many hunks of a file are explained. The first tell what is wrong.
  private static let mostProblems = 10

  /// The reasons why a hunk does not apply; nil if it does.
  ///
  /// - Parameter first: the index of the first line after the previous hunk.
  private func notes(on hunk: Hunk, in diff: FileDiff, from first: Int) -> [String]? {
    let expected = hunk.preimage
    let isAbove = placement != .asGit && hunk.oldIndex < first
    guard let index = isAbove ? 0 : mismatch(expected, at: hunk.oldIndex) else {
      return problemAtEnd(of: hunk).map { [$0] }
    }
    var notes: [String] = []
    let line = hunk.oldIndex + index
    if index < expected.count {
      notes.append("expected at \(diff.oldPath ?? diff.path):\(line + 1): \(shown(expected[index].content[...]))")
      notes.append("found: " + (line < count ? shown(table[line]) : "the end of the file"))
      if line < count, Self.differInEnds(expected[index].content[...], table[line]) {
        notes.append("they differ in CR LF line ends only: convert the patch, or the file")
      }
    } else {
      notes.append("the hunk starts after line \(hunk.oldIndex), but the file ends at line \(count)")
    }
    if let other = place(of: expected) {
      notes.append(
        "its lines are at line \(other + 1), \(Self.distance(other - hunk.oldIndex)): "
          + "the patch was made on another base")
    } else if mismatch(hunk.postimage, at: hunk.newStart - 1) == nil, hunk.newCount > 0 {
      notes.append("its new lines are already there: the patch seems to be applied")
    }
    return notes
  }

  /// The rule of git about the end of a file that a hunk breaks, which libgit2 does not check; nil if it breaks none.
  ///
  /// A line without a newline must be the file's last, and nothing can follow it. A change without context below it must
  /// end the file, so that a truncated hunk does not apply.
  func problemAtEnd(of hunk: Hunk) -> String? {
    let after = hunk.postimage
    let early = after.dropLast().contains { $0.content.last != 0x0A }
    let ends = hunk.oldIndex + hunk.oldCount == count
    if early || (!ends && after.last.map { $0.content.last != 0x0A } == true) {
      return "it ends the file without a newline, but the file has more lines"
    }
    if hunk.oldCount == 0, hunk.oldIndex == count, count > 0, table[count - 1].last != 0x0A {
      return "it adds lines below line \(count), which ends without a newline"
    }
    if !ends, hunk.lines.last?.kind != .context {
      return "it has no context below its change, so git expects the end of the file, but there are more lines"
    }
    return nil
  }

  /// The index of the first line of `expected` that differs from the file's lines from `start` on; nil if all match. A
  /// `start` outside the file counts as a mismatch at index 0.
  private func mismatch(_ expected: [Hunk.Line], at start: Int) -> Int? {
    guard start >= 0, start <= count else { return 0 }
    for (index, line) in expected.enumerated() {
      let at = start + index
      guard at < count, table[at].elementsEqual(line.content) else { return index }
    }
    return nil
  }

  /// The only place of these lines in the file; nil if there is none or more than one.
  private func place(of expected: [Hunk.Line]) -> Int? {
    guard !expected.isEmpty, expected.count <= count else { return nil }
    let places = (0...(count - expected.count)).lazy.filter { mismatch(expected, at: $0) == nil }
    return places.prefix(2).count == 1 ? places.first : nil
  }

  /// "2 lines further down".
  static func distance(_ lines: Int) -> String {
    "\(abs(lines).counted("line")) further \(lines > 0 ? "down" : "up")"
  }

  private static func differInEnds(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Bool {
    func text(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> { line.prefix { $0 != 0x0D && $0 != 0x0A } }
    return !one.elementsEqual(other) && text(one).elementsEqual(text(other)) && one.last == other.last
  }

  private func shown(_ line: ArraySlice<UInt8>) -> String {
    let ended = line.last == 0x0A
    let text = String(decoding: ended ? line.dropLast() : line, as: UTF8.self)
    return "'\(text)'" + (ended ? "" : " without a newline")
  }
}
