/// The lines of a text as ranges, each with its newline.
struct Lines {
  let bytes: [UInt8]
  let ranges: [Range<Int>]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var ranges: [Range<Int>] = []
    var start = 0
    for (index, byte) in bytes.enumerated() where byte == 0x0A {
      ranges.append(start..<index + 1)
      start = index + 1
    }
    if start < bytes.count { ranges.append(start..<bytes.count) }
    self.ranges = ranges
  }

  var count: Int { ranges.count }

  /// The line with its newline.
  subscript(index: Int) -> ArraySlice<UInt8> {
    bytes[ranges[index]]
  }

  /// The bytes of a range of lines, which must not be empty.
  subscript(lines: Range<Int>) -> ArraySlice<UInt8> {
    bytes[ranges[lines.lowerBound].lowerBound..<ranges[lines.upperBound - 1].upperBound]
  }

  /// The line without its newline.
  func content(_ index: Int) -> ArraySlice<UInt8> {
    let line = self[index]
    return line.last == 0x0A ? line.dropLast() : line
  }
}
