import Glibc

/// The lines of a text as ranges, each with its newline.
public struct Lines: Sendable {
  /// The text.
  public let bytes: [UInt8]
  /// Where each line stands in `bytes`.
  public let ranges: [Range<Int>]

  /// Splits a text after each newline.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    ranges = bytes.withUnsafeBytes { Self.ranges(in: $0) }
  }

  /// Through `memchr`, since mboxes of many megabytes are read.
  private static func ranges(in text: UnsafeRawBufferPointer) -> [Range<Int>] {
    guard let base = text.baseAddress else { return [] }
    var ranges: [Range<Int>] = []
    var start = 0
    while start < text.count {
      let newline = memchr(base + start, 0x0A, text.count - start)
      let end = newline.map { base.distance(to: UnsafeRawPointer($0)) + 1 } ?? text.count
      ranges.append(start..<end)
      start = end
    }
    return ranges
  }

  /// The number of lines.
  public var count: Int { ranges.count }

  /// The line with its newline.
  public subscript(index: Int) -> ArraySlice<UInt8> {
    bytes[ranges[index]]
  }

  /// The bytes of a range of lines.
  public subscript(lines: Range<Int>) -> ArraySlice<UInt8> {
    bytes[span(lines)]
  }

  /// Where the bytes of a range of lines stand.
  public func span(_ lines: Range<Int>) -> Range<Int> {
    guard !lines.isEmpty else { return 0..<0 }
    return ranges[lines.lowerBound].lowerBound..<ranges[lines.upperBound - 1].upperBound
  }

  /// The line without its newline.
  public func content(_ index: Int) -> ArraySlice<UInt8> {
    let line = self[index]
    return line.last == 0x0A ? line.dropLast() : line
  }

  /// Whether a line is empty but for white space.
  public func isBlank(_ index: Int) -> Bool {
    self[index].allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
  }
}
