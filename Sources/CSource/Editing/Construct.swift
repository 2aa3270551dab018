import Diagnostics

/// A named piece of a source file that an edit works on.
public enum Construct: Sendable, Hashable {
  /// A function's definition, with the comment directly above it.
  case function(String)
  /// A member's declaration: `struct.member`.
  case member(structure: String, name: String)
  /// An entry of the kernel-doc above a struct or a function: the line that starts with `entry` (`@iova:`) and its
  /// continuation.
  case kernelDoc(owner: String, entry: String)
  /// C text that occurs `count` times in a function or a macro, or in the whole file if the scope is nil.
  case text(String, in: Scope?, count: Int = 1)
  /// The only comment line in the file that contains a text.
  case comment(String)

  /// Limits a search for text to the definition of a named function or macro.
  public enum Scope: Sendable, Hashable {
    case function(String)
    case macro(String)
  }
}

extension SourceFile {
  /// The whole lines that a construct occupies: one range, or one for each occurrence of a text.
  public func lines(of construct: Construct) throws(Mismatch) -> [Range<Int>] {
    switch construct {
    case .function(let name):
      return [lines(of: try function(name))]
    case .member(let structure, let name):
      return [wholeLines(try member(name, of: try self.structure(structure)).tokens)]
    case .kernelDoc(let owner, let entry):
      return [try kernelDoc(entry, of: owner)]
    case .text(let text, let scope, let count):
      return try occurrences(of: text, in: scope, count: count).map(wholeLines)
    case .comment(let text):
      return [try commentLine(text)]
    }
  }

  private func commentLine(_ wanted: String) throws(Mismatch) -> Range<Int> {
    var found: [Range<Int>] = []
    for comment in comments {
      var line = lineStart(comment.start)
      while line < comment.end {
        let end = lineEnd(line)
        if text(line..<end).contains(wanted) { found.append(line..<end) }
        line = end
      }
    }
    guard let line = found.first, found.count == 1 else {
      throw Mismatch(
        Place(path), found.isEmpty ? "no comment contains this" : "\(found.count) lines of comments contain this",
        expected: wanted)
    }
    return line
  }

  private func occurrences(
    of text: String, in scope: Construct.Scope?, count: Int
  ) throws(Mismatch) -> [Range<Int>] {
    let range: Range<Int>
    let here: String
    switch scope {
    case .function(let name):
      range = try function(name).tokens
      here = "function '\(name)'"
    case .macro(let name):
      range = try macro(name).tokens
      here = "macro '\(name)'"
    case nil:
      range = 0..<tokens.count
      here = "the file"
    }
    let found = matches(TokenPattern(text), in: range)
    guard found.count == count else {
      let start = range.first.map { place(tokens[$0].start) } ?? Place(path)
      throw Mismatch(
        start,
        found.isEmpty
          ? "\(here) does not contain this" : "\(here) contains this \(found.count) times instead of \(count)",
        expected: text, found: scope == nil || !found.isEmpty ? nil : self.text(offsets(range)))
    }
    return found
  }

  private func wholeLines(_ range: Range<Int>) -> Range<Int> {
    let offsets = offsets(range)
    return lineStart(offsets.lowerBound)..<lineEnd(offsets.upperBound - 1)
  }

  /// Puts text on lines of its own after a construct.
  public func inserting(_ text: String, after construct: Construct) throws(Mismatch) -> SourceFile {
    applying(try lines(of: construct).map { .insert(text.utf8, at: $0.upperBound) })
  }

  /// Puts text on lines of its own before a construct.
  public func inserting(_ text: String, before construct: Construct) throws(Mismatch) -> SourceFile {
    applying(try lines(of: construct).map { .insert(text.utf8, at: $0.lowerBound) })
  }

  /// Replaces a construct's lines.
  public func replacing(_ construct: Construct, with text: String) throws(Mismatch) -> SourceFile {
    applying(try lines(of: construct).map { Edit($0, text) })
  }

  /// Removes a construct's lines, and one of the two blank lines that would then meet.
  public func removing(_ construct: Construct) throws(Mismatch) -> SourceFile {
    applying(
      try lines(of: construct).map { lines in
        let blankBefore =
          lines.lowerBound == 0 || bytes[..<lines.lowerBound].suffix(2).elementsEqual([.newline, .newline])
        let blankAfter = lines.upperBound < bytes.count && bytes[lines.upperBound] == .newline
        return Edit(lines.lowerBound..<lines.upperBound + (blankBefore && blankAfter ? 1 : 0), [])
      })
  }
}
