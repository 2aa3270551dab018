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

extension SourceFile {
  /// The file after edits that do not overlap. Insertions at one offset keep their order.
  func applying(_ edits: [Edit]) -> SourceFile {
    var result: [UInt8] = []
    var copied = 0
    let ordered = edits.enumerated().sorted {
      ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
    }
    for (_, edit) in ordered {
      result += bytes[copied..<edit.range.lowerBound]
      result += edit.replacement
      copied = edit.range.upperBound
    }
    result += bytes[copied...]
    return SourceFile(path: path, bytes: result)
  }
}

/// The source differs from what an edit expects. The caller adds which description expects it.
public struct Mismatch: Error, Hashable, Sendable {
  /// The place in the source, as precisely as it is known; at least the file.
  public var place: Place
  /// What is wrong, such as "has no function 'x'".
  public var message: String
  /// The C text that the edit expects; nil if the message says it all.
  public var expected: String?
  /// The C text found in its place; nil if there is none to compare.
  public var found: String?

  /// Creates a mismatch at a place.
  public init(_ place: Place, _ message: String, expected: String? = nil, found: String? = nil) {
    self.place = place
    self.message = message
    self.expected = expected
    self.found = found
  }
}
