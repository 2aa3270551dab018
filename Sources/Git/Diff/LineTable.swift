import Glibc

/// The lines of a text, each including its newline, which the last one may lack.
struct LineTable {
  private let bytes: [UInt8]
  private let ends: [Int]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var ends: [Int] = []
    bytes.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      var start = 0
      while let newline = memchr(base + start, 0x0A, bytes.count - start) {
        start = UnsafeRawPointer(newline) - base + 1
        ends.append(start)
      }
    }
    if (ends.last ?? 0) < bytes.count { ends.append(bytes.count) }
    self.ends = ends
  }

  var count: Int { ends.count }

  subscript(index: Int) -> ArraySlice<UInt8> {
    self[index..<index + 1]
  }

  /// The bytes of a range of lines.
  subscript(lines: Range<Int>) -> ArraySlice<UInt8> {
    func start(_ line: Int) -> Int { line == 0 ? 0 : ends[line - 1] }
    return bytes[start(lines.lowerBound)..<start(lines.upperBound)]
  }
}
