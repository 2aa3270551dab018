import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where the lines of a source start. Most versions of a source are edited and never asked: it is reckoned when it is.
final class LineStarts: Sendable {
  private let known = Mutex<[Int]?>(nil)

  /// The line, from 1, that holds an offset, and where it starts.
  func line(of offset: Int, in bytes: [UInt8]) -> (number: Int, start: Int) {
    let starts = known.withLock { known in
      let starts = known ?? Self.find(in: bytes)
      known = starts
      return starts
    }
    // The number of lines that start at or before the offset.
    var (number, end) = (1, starts.count)
    while number < end {
      let middle = (number + end) / 2
      if starts[middle] <= offset { number = middle + 1 } else { end = middle }
    }
    return (number, starts[number - 1])
  }

  private static func find(in bytes: [UInt8]) -> [Int] {
    bytes.withUnsafeBytes { bytes in
      var starts = [0]
      while let base = bytes.baseAddress, let last = starts.last,
        let newline = memchr(base + last, Int32(UInt8.newline), bytes.count - last)
      {
        starts.append(UnsafeRawPointer(newline) - base + 1)
      }
      return starts
    }
  }
}
