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
    var lexer = Lexer(bytes, at: start, behind: before(start))
    // What comes after a line behind the edit that was clear before is what it was.
    lexer.run { $0 - shift > range.upperBound && isClear($0 - shift) }
    return lexer.lexed.followed(by: self, from: lexer.offset - shift, shiftedBy: shift)
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

  private func before(_ offset: Int) -> Lexed {
    Lexed(
      tokens: Array(tokens.prefix(before: offset)), comments: Array(comments.prefix(before: offset)),
      directives: Array(directives.prefix(before: offset)))
  }

  private func followed(by old: Lexed, from offset: Int, shiftedBy shift: Int) -> Lexed {
    var result = self
    let first = old.tokens.prefix(before: offset).count
    let moved = tokens.count - first
    result.tokens += old.tokens[first...].lazy.map { $0.shifted(by: shift) }
    result.comments += old.comments.dropFirst(old.comments.prefix(before: offset).count).map { $0.shifted(by: shift) }
    for var directive in old.directives.dropFirst(old.directives.prefix(before: offset).count) {
      directive = directive.shifted(by: shift)
      directive.tokens = directive.tokens.lowerBound + moved..<directive.tokens.upperBound + moved
      result.directives.append(directive)
    }
    return result
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

extension Stretch {
  fileprivate func shifted(by shift: Int) -> Self {
    var shifted = self
    shifted.start += shift
    shifted.end += shift
    return shifted
  }
}

extension Array where Element: Stretch {
  /// Those that start before an offset, of some that stand in order.
  fileprivate func prefix(before offset: Int) -> ArraySlice<Element> {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].start < offset { low = middle + 1 } else { high = middle }
    }
    return self[..<low]
  }
}

extension [UInt8] {
  /// The offset at which the line holding `offset` starts.
  func lineStart(_ offset: Int) -> Int {
    self[..<offset].lastIndex(of: .newline).map { $0 + 1 } ?? 0
  }
}
