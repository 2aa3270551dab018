extension Lexed {
  /// What a source is made of after an edit. Only the lines that the edit can have changed are read again.
  ///
  /// - Parameters:
  ///   - old: the source before the edit, which `self` is of.
  ///   - bytes: the source after it.
  ///   - range: what was replaced in `old`.
  func edited(from old: [UInt8], to bytes: [UInt8], replacing range: Range<Int>) -> Lexed {
    let shift = bytes.count - old.count
    var start = old.lineStart(range.lowerBound)
    while !isClear(start) { start = old.lineStart(start - 1) }
    var lexer = Lexer(bytes, at: start)
    // What comes after a line behind the edit that was clear before is what it was.
    lexer.run { $0 - shift > range.upperBound && isClear($0 - shift) }
    let again = lexer.lexed
    let end = lexer.offset - shift
    var result = self
    let (first, moved) = result.tokens.replace(from: start, to: end, by: again.tokens, shift: shift)
    // The first of the tokens before the edit that is still there.
    let behind = first + again.tokens.count - moved
    result.brackets =
      brackets.prefix { $0 < first } + again.brackets.map { $0 + first }
      + brackets.drop { $0 < behind }.map { $0 + moved }
    _ = result.comments.replace(from: start, to: end, by: again.comments, shift: shift)
    let directives = result.directives.replace(from: start, to: end, by: again.directives, shift: shift)
    for index in directives.first..<result.directives.count {
      let isNew = index < directives.first + again.directives.count
      result.directives[index].tokens.shift(by: isNew ? first : moved)
    }
    return result
  }

  /// Whether nothing that starts before a line reaches it, so that it can be read without what is before it.
  private func isClear(_ lineStart: Int) -> Bool {
    // What ends where the line starts went on over the end of the line before, and goes on if it is told to.
    func reaches(_ ends: Int?) -> Bool { ends.map { $0 >= lineStart } ?? false }
    return lineStart == 0
      || !(reaches(comments.prefix(before: lineStart).last?.end)
        || reaches(directives.prefix(before: lineStart).last?.end)
        || reaches(tokens.prefix(before: lineStart).last?.end))
  }
}

/// What takes up some bytes of a source.
protocol Stretch {
  var start: Int { get set }
  var end: Int { get set }
}

extension Token: Stretch {}
extension Comment: Stretch {}
extension Directive: Stretch {}

extension Array where Element: Stretch {
  /// Those that start before an offset, of some that stand in order.
  func prefix(before offset: Int) -> ArraySlice<Element> {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].start < offset { low = middle + 1 } else { high = middle }
    }
    return self[..<low]
  }

  /// Puts others in the place of those that start between two offsets, and shifts those behind.
  ///
  /// - Returns: the index of the first that is new, and by how much the indices behind have changed.
  fileprivate mutating func replace(
    from start: Int, to end: Int, by new: [Element], shift: Int
  ) -> (first: Int, moved: Int) {
    let range = prefix(before: start).count..<prefix(before: end).count
    replaceSubrange(range, with: new)
    for index in range.lowerBound + new.count..<count {
      self[index].start += shift
      self[index].end += shift
    }
    return (range.lowerBound, new.count - range.count)
  }
}

extension Range<Int> {
  fileprivate mutating func shift(by count: Int) {
    self = lowerBound + count..<upperBound + count
  }
}

extension [UInt8] {
  /// The offset at which the line holding `offset` starts.
  func lineStart(_ offset: Int) -> Int {
    self[..<offset].lastIndex(of: .newline).map { $0 + 1 } ?? 0
  }
}
