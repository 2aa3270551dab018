extension String {
  /// The name that a mistyped one most likely stands for: at most two single-character edits away.
  public func nearest(among names: [String]) -> String? {
    // The length bound spares the edit distance: the text may be as long as a file.
    names.filter { abs($0.utf8.count - utf8.count) <= 2 }.map { (name: $0, edits: distance(to: $0)) }
      .filter { $0.edits <= 2 }.min { $0.edits < $1.edits }?.name
  }

  /// The number of single-character edits between two names (Levenshtein).
  private func distance(to other: String) -> Int {
    let target = Array(other)
    var row = Array(0...target.count)
    for (i, character) in enumerated() {
      var previous = row[0]
      row[0] = i + 1
      for j in target.indices {
        let substitution = previous + (character == target[j] ? 0 : 1)
        previous = row[j + 1]
        row[j + 1] = Swift.min(substitution, previous + 1, row[j] + 1)
      }
    }
    return row[target.count]
  }
}
