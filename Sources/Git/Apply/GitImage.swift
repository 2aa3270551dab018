import PatchSeries
import Support

/// A file while `git apply` puts one hunk after another into it. Finds the place of each as git does (`find_pos` and
/// `match_fragment` in apply.c): libgit2 looks at the stated line only.
struct GitImage {
  private struct Line {
    var text: ArraySlice<UInt8>
    /// The index of the line in the file; nil for a line of a hunk, which no later hunk may change.
    var old: Int?
  }

  private var lines: [Line]
  private let count: Int

  init(_ file: Lines) {
    lines = (0..<file.count).map { Line(text: file[$0], old: $0) }
    count = file.count
  }

  /// Applies a hunk and returns the index in the file of its first old line; nil if it applies nowhere.
  mutating func apply(_ hunk: Hunk) -> Int? {
    let old = hunk.preimage
    guard let start = place(hunk, old) else { return nil }
    let index = old.isEmpty ? count : lines[start].old
    lines.replaceSubrange(start..<start + old.count, with: hunk.postimage.map { Line(text: $0.content[...], old: nil) })
    return index
  }

  /// The index of the line where all old lines of the hunk match, nearest to where it says, and at equal distance the
  /// lower.
  private func place(_ hunk: Hunk, _ old: [Hunk.Line]) -> Int? {
    // Without context on one side, a hunk applies only at that end of the file.
    let starts = hunk.oldStart <= 1
    let ends = hunk.lines.last?.kind != .context
    let last = lines.count - old.count
    guard last >= 0 else { return nil }
    let first = starts ? 0 : ends ? last : min(max(hunk.newStart - 1, 0), lines.count)
    func fits(_ index: Int) -> Bool {
      (0...last).contains(index) && (!starts || index == 0) && (!ends || index == last) && matches(old, at: index)
    }
    for distance in 0...max(first, lines.count - first) {
      if fits(first + distance) { return first + distance }
      if fits(first - distance) { return first - distance }
    }
    return nil
  }

  private func matches(_ old: [Hunk.Line], at start: Int) -> Bool {
    zip(old, lines[start...]).allSatisfy { $1.old != nil && $1.text.elementsEqual($0.content) }
  }
}
