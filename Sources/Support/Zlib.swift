import CZlib

/// Compressed data, read by zlib.
public enum Zlib {
  /// The data of a zlib stream; nil unless it has the stated size.
  public static func inflated(_ stream: UnsafeBufferPointer<UInt8>, size: Int) -> [UInt8]? {
    var count = uLong(size)
    var isWhole = false
    let data = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
      isWhole =
        uncompress(buffer.baseAddress, &count, stream.baseAddress, uLong(stream.count)) == Z_OK && count == size
      initialized = isWhole ? Int(count) : 0
    }
    return isWhole ? data : nil
  }

  /// Whether a file is compressed by gzip.
  public static func isGzip(_ file: [UInt8]) -> Bool { file.starts(with: [0x1F, 0x8B, 0x08]) }

  /// The first bytes of what gzip compressed, in one member or several; nil for damaged data.
  ///
  /// - Parameter limit: how many bytes to return at most: a small file can hold any number.
  public static func gunzipped(_ file: [UInt8], upTo limit: Int) -> [UInt8]? {
    var stream = z_stream()
    // 15 is the largest window, and 16 more ask for gzip's header.
    guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var result: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    var input = file
    let isRead = input.withUnsafeMutableBufferPointer { input in
      stream.next_in = input.baseAddress
      stream.avail_in = uInt(input.count)
      while result.count < limit {
        let (status, count) = block.withUnsafeMutableBufferPointer { output in
          stream.next_out = output.baseAddress
          stream.avail_out = uInt(output.count)
          let status = inflate(&stream, Z_NO_FLUSH)
          return (status, output.count - Int(stream.avail_out))
        }
        result += block[..<count]
        switch status {
        case Z_OK where count > 0 || stream.avail_in > 0: continue
        case Z_STREAM_END:
          // Another member may follow, and zeros that a tape or block device needed.
          let rest = UnsafeBufferPointer(start: stream.next_in, count: Int(stream.avail_in))
          if rest.allSatisfy({ $0 == 0 }) { return true }
          inflateReset(&stream)
        default: return false
        }
      }
      return true
    }
    return isRead ? Array(result.prefix(limit)) : nil
  }
}
