public import Diagnostics

/// Replaces a byte range of a source with other bytes.
struct Edit: Sendable {
  var range: Range<Int>
  var replacement: [UInt8]

  init(_ range: Range<Int>, _ replacement: [UInt8]) {
    self.range = range
    self.replacement = replacement
  }

  init(_ range: Range<Int>, _ replacement: String) {
    self.init(range, Array(replacement.utf8))
  }

  static func insert(_ text: some Sequence<UInt8>, at offset: Int) -> Edit {
    Edit(offset..<offset, Array(text))
  }
}

/// A file after edits.
struct Edited {
  var file: SourceFile
  /// The tokens that each edit wrote, in the order in which the edits were given.
  var written: [Range<Int>]
}

extension SourceFile {
  /// The file after edits that do not overlap. Insertions at one offset keep their order.
  ///
  /// - Throws: if anything outside the edited ranges would read differently: see `EditCheck`.
  func applying(_ edits: [Edit]) throws(Mismatch) -> SourceFile { try edited(edits).file }

  /// The file after edits, and what they wrote.
  func edited(_ edits: [Edit]) throws(Mismatch) -> Edited {
    let ordered = edits.enumerated().sorted {
      ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
    }
    var result: [UInt8] = []
    var copied = 0
    var replaced: [EditCheck.Change] = []
    var places = [Range<Int>](repeating: 0..<0, count: edits.count)
    for (number, edit) in ordered {
      guard edit.range.lowerBound >= copied else {
        throw Mismatch(
          place(edit.range.lowerBound), "two parts of the edit overlap here", remedy: "make two edits of it")
      }
      result += bytes[copied..<edit.range.lowerBound]
      let start = result.count
      result += edit.replacement
      copied = edit.range.upperBound
      places[number] = start..<result.count
      replaced.append(EditCheck.Change(old: edit.range, new: start..<result.count))
    }
    result += bytes[copied...]
    let file = SourceFile(path: path, bytes: result)
    try EditCheck(old: self, new: file, changes: replaced).check()
    return Edited(file: file, written: places.map(file.tokens(within:)))
  }

  /// The tokens that lie in a byte range.
  func tokens(within range: Range<Int>) -> Range<Int> {
    let first = tokens.partitioningIndex { $0.start >= range.lowerBound }
    let end = tokens.partitioningIndex { $0.end > range.upperBound }
    return first..<max(first, end)
  }
}

extension [Token] {
  /// The index of the first token for which the condition holds; it must hold for all tokens after that one, too.
  func partitioningIndex(where holds: (Token) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// An edit that cannot be made. The caller adds which description asks for it.
public struct Mismatch: Error, Hashable, Sendable {
  /// The place in the source, as precisely as it is known; at least the file.
  public var place: Place
  /// What is wrong, such as "has no function 'x'".
  public var message: String
  /// The C text that the edit expects; nil if the message says it all.
  public var expected: String?
  /// The C text found in its place; nil if there is none to compare.
  public var found: String?
  /// What to write in the description instead, if the description is at fault; nil if the source is not as it expects.
  public var remedy: String?

  /// Creates a mismatch at a place.
  public init(
    _ place: Place, _ message: String, expected: String? = nil, found: String? = nil, remedy: String? = nil
  ) {
    self.place = place
    self.message = message
    self.expected = expected
    self.found = found
    self.remedy = remedy
  }
}
