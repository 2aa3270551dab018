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
  /// Whole statements, declarations or entries, with their lines, that occur `count` times in a function or a macro, or
  /// in the whole file if the scope is nil. For `replacing`, also `if (…)` and the like without the branch.
  case text(String, in: Scope?, count: Int = 1)
  /// An expression, as a part of a line.
  case expression(String, in: Scope?, count: Int = 1)
  /// Tokens as parts of a line, each to be replaced by one of its own sort.
  case tokens(String, in: Scope?, count: Int = 1)
  /// The only comment line in the file that contains a text.
  case comment(String)

  /// Limits a search for text to the definition of a named function or macro.
  public enum Scope: Sendable, Hashable {
    case function(String)
    case macro(String)
  }
}

/// Where a construct stands.
struct Location {
  /// The whole lines, or for a part of a line its bytes.
  var bytes: Range<Int>
  /// The construct's tokens; none for a comment.
  var tokens: Range<Int>
}

extension SourceFile {
  /// Requires that the file has a construct, as often as it says.
  public func find(_ construct: Construct) throws(Mismatch) { _ = try locations(of: construct) }

  /// Where a construct stands: in one place, or once for each occurrence of a text.
  func locations(of construct: Construct) throws(Mismatch) -> [Location] {
    switch construct {
    case .function(let name):
      try Names.require(name, "function", in: self)
      let function = try function(name)
      return [Location(bytes: lines(of: function), tokens: function.tokens)]
    case .member(let structure, let name):
      let tokens = try member(name, of: try self.structure(structure)).tokens
      return [Location(bytes: wholeLines(tokens), tokens: tokens)]
    case .kernelDoc(let owner, let entry):
      return [Location(bytes: try kernelDoc(entry, of: owner), tokens: 0..<0)]
    case .text(let text, let scope, let count):
      return try occurrences(of: text, in: scope, count: count).map { Location(bytes: wholeLines($0), tokens: $0) }
    case .expression(let text, .function(let name)?, let count):
      // Its parameters are no expressions.
      let body = try function(name).body
      return try occurrences(of: text, in: .function(name), within: body, count: count)
        .map { Location(bytes: offsets($0), tokens: $0) }
    case .expression(let text, let scope, let count), .tokens(let text, let scope, let count):
      return try occurrences(of: text, in: scope, count: count).map { Location(bytes: offsets($0), tokens: $0) }
    case .comment(let text):
      return [Location(bytes: try commentLine(text), tokens: 0..<0)]
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
    of text: String, in scope: Construct.Scope?, within body: Range<Int>? = nil, count: Int
  ) throws(Mismatch) -> [Range<Int>] {
    guard !TokenPattern(text).tokens.isEmpty else {
      throw Mismatch(
        Place(path), "an edit names no C: '\(text)'", remedy: "name C, or a comment's text with 'comment'")
    }
    let range: Range<Int>
    let here: String
    switch scope {
    case .function(let name):
      try Names.require(name, "function", in: self)
      if let body { range = body } else { range = try function(name).tokens }
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
}
