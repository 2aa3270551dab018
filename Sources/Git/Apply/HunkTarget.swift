import Diagnostics
import PatchSeries

/// A file's lines, to find the place of a hunk in them and to say why it has none.
struct HunkTarget {
  private let table: LineTable
  private let placement: HunkPlacement

  init(_ bytes: [UInt8], _ placement: HunkPlacement) {
    table = LineTable(bytes)
    self.placement = placement
  }

  private var count: Int { table.count }

  /// The hunks with the old lines at which they are to be applied.
  func placed(_ hunks: [Hunk]) -> [Hunk] {
    guard placement == .nearest else { return hunks }
    var next = 0
    var distance = 0
    return hunks.map { stated in
      var hunk = stated
      // A hunk's neighbours have most likely moved as it did.
      if let place = nearest(hunk, to: hunk.oldIndex + distance, from: next) {
        hunk.oldStart += place - hunk.oldIndex
        distance = hunk.oldStart - stated.oldStart
        next = hunk.oldIndex + hunk.oldCount
      }
      return hunk
    }
  }

  /// The index nearest to `line`, and not before `first`, at which all old lines of a hunk stand; nil if there is none,
  /// or if the hunk has none.
  ///
  /// As patch(1) has it, a hunk with less context on one side reaches the file's end there, and stands nowhere else.
  private func nearest(_ hunk: Hunk, to line: Int, from first: Int) -> Int? {
    let expected = hunk.preimage
    guard !expected.isEmpty, expected.count <= count - first else { return nil }
    let above = hunk.lines.prefix { $0.kind == .context }.count
    let below = hunk.lines.reversed().prefix { $0.kind == .context }.count
    let places = (first...(count - expected.count)).filter { place in
      (above >= below || hunk.oldStart > 1 || place == 0) && (below >= above || place + expected.count == count)
        && mismatch(expected, at: place) == nil
    }
    return places.min { abs($0 - line) < abs($1 - line) }
  }

  /// Why each of those hunks that do not apply does not.
  func problems(with hunks: [Hunk], in diff: FileDiff, patch: String) -> [Finding] {
    var next = 0
    return hunks.compactMap { hunk in
      guard let notes = notes(on: hunk, in: diff, from: next) else {
        next = hunk.oldIndex + hunk.oldCount
        return nil
      }
      return Finding(
        at: Place(patch, line: hunk.number), "hunk \(hunk.range) of \(diff.path) does not apply", notes: notes)
    }
  }

  /// What is wrong with a hunk, nil if it applies.
  ///
  /// - Parameter first: the line after the hunk above it.
  private func notes(on hunk: Hunk, in diff: FileDiff, from first: Int) -> [String]? {
    let expected = hunk.preimage
    guard let index = hunk.oldIndex < first ? 0 : mismatch(expected, at: hunk.oldIndex) else {
      return problemAtEnd(of: hunk).map { [$0] }
    }
    var notes: [String] = []
    let line = hunk.oldIndex + index
    if index < expected.count {
      notes.append("expected at \(diff.oldPath ?? diff.path):\(line + 1): \(shown(expected[index].content[...]))")
      notes.append("found: " + (line < count ? shown(table[line]) : "the end of the file"))
    } else {
      notes.append("the hunk starts after line \(hunk.oldIndex), the file ends at line \(count)")
    }
    if let other = place(of: expected) {
      notes.append(
        "its lines stand at line \(other + 1), \(Self.distance(other - hunk.oldIndex)): "
          + "the patch was made on another base")
    } else if mismatch(hunk.postimage, at: hunk.newStart - 1) == nil, hunk.newCount > 0 {
      notes.append("its new lines are there: it seems to be applied already")
    }
    return notes
  }

  /// What git asks of the end of a file and libgit2 does not.
  ///
  /// A line without a newline can only be the file's last, and nothing can be put below it. And where nothing shows what
  /// is below a change, git takes it for the last, so that a hunk that was cut off is not applied.
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
    if placement == .stated, !ends, hunk.lines.last?.kind != .context {
      return "it has no context below its change, which for git ends the file, but the file has more lines"
    }
    return nil
  }

  /// The index of the first of `expected` that is not at `start` and below; `expected.count` if the place is outside
  /// the file; nil if all are there.
  private func mismatch(_ expected: [Hunk.Line], at start: Int) -> Int? {
    guard start >= 0, start <= count else { return 0 }
    for (index, line) in expected.enumerated() {
      let at = start + index
      guard at < count, table[at].elementsEqual(line.content) else { return index }
    }
    return nil
  }

  /// The only place of these lines in the file, nil if there is none or more than one.
  private func place(of expected: [Hunk.Line]) -> Int? {
    guard !expected.isEmpty, expected.count <= count else { return nil }
    let places = (0...(count - expected.count)).lazy.filter { mismatch(expected, at: $0) == nil }
    return places.prefix(2).count == 1 ? places.first : nil
  }

  /// "2 lines further down".
  static func distance(_ lines: Int) -> String {
    "\(abs(lines)) \(abs(lines) == 1 ? "line" : "lines") further \(lines > 0 ? "down" : "up")"
  }

  private func shown(_ line: ArraySlice<UInt8>) -> String {
    let ended = line.last == 0x0A
    let text = String(decoding: ended ? line.dropLast() : line, as: UTF8.self)
    return "'\(text)'" + (ended ? "" : " without a newline")
  }
}
