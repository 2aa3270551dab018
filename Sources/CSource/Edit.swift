/// Replaces a byte range of a source with other bytes.
package struct Edit: Sendable {
  var range: Range<Int>
  var replacement: [UInt8]

  package init(_ range: Range<Int>, _ replacement: [UInt8]) {
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
  package func applying(_ edits: [Edit]) -> SourceFile {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 256)
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
    guard let first = ordered.first?.element.range.lowerBound else { return self }
    return SourceFile(
      path: path, bytes: result, lexed: lexed.edited(from: bytes, to: result, replacing: first..<copied))
  }
}
