/// A diff as pages show it.
enum DiffText {
  /// What a line of a diff is; also the class of its element.
  enum Kind: String {
    case file, head, hunk, new, old, same
  }

  /// Successive lines of one kind.
  struct Run {
    var kind: Kind
    /// The lines, each with its newline.
    var text: String
  }

  /// The lines in runs, so that a page has few elements.
  ///
  /// - Parameter isHunk: whether the first line is inside a hunk, where "--- a" is a removed line.
  static func runs(_ lines: some Sequence<String>, isHunk: Bool = false) -> [Run] {
    var runs: [Run] = []
    var isHunk = isHunk
    for line in lines {
      let kind: Kind
      if line.hasPrefix("diff --git ") {
        (kind, isHunk) = (.file, false)
      } else if line.hasPrefix("@@ ") {
        (kind, isHunk) = (.hunk, true)
      } else {
        kind = !isHunk ? .head : line.hasPrefix("+") ? .new : line.hasPrefix("-") ? .old : .same
      }
      if runs.last?.kind == kind {
        runs[runs.count - 1].text += line + "\n"
      } else {
        runs.append(Run(kind: kind, text: line + "\n"))
      }
    }
    return runs
  }

  /// The first lines of a diff that fit into so many bytes, and how many more there are.
  static func lines(_ diff: String, limit: Int) -> (shown: [String], omitted: Int) {
    var lines = diff.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    var room = limit
    let shown = lines.prefix { line in
      room -= line.utf8.count + 1
      return room >= 0
    }
    return (Array(shown), lines.count - shown.count)
  }
}

/// How a page that must stay small shares out its room.
enum Room {
  /// The largest size to which each of the sizes can be cut so that their sum is no more than `total`: the small ones stay
  /// whole.
  static func limit(_ sizes: [Int], total: Int) -> Int {
    var left = total
    let sorted = sizes.sorted()
    for (index, size) in sorted.enumerated() {
      let share = left / (sorted.count - index)
      if size > share { return share }
      left -= size
    }
    return sorted.last ?? total
  }
}
