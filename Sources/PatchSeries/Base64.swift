/// Decodes base64 (RFC 2045, 6.8), a line at a time.
struct Base64 {
  private var bits: UInt32 = 0
  private var count: UInt32 = 0

  private static let skipped: UInt8 = 0xFE
  private static let foreign: UInt8 = 0xFF
  private static let padding = UInt8(ascii: "=")

  /// What each byte stands for: six bits, nothing (white space), or no base64 at all.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: foreign, count: 256)
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    for (value, byte) in alphabet.utf8.enumerated() { values[Int(byte)] = UInt8(value) }
    for byte: UInt8 in [0x20, 0x09, 0x0A, 0x0D] { values[Int(byte)] = skipped }
    return values
  }()

  /// Appends one line, decoded; false, and nothing appended, if it is not base64.
  mutating func decode(_ line: ArraySlice<UInt8>, into result: inout [UInt8]) -> Bool {
    let start = (self, result.count)
    let isValid = line.withUnsafeBufferPointer { line in
      Self.values.withUnsafeBufferPointer { values in append(line, values, &result) }
    }
    if !isValid {
      self = start.0
      result.removeSubrange(start.1...)
    }
    return isValid
  }

  private mutating func append(
    _ line: UnsafeBufferPointer<UInt8>, _ values: UnsafeBufferPointer<UInt8>, _ result: inout [UInt8]
  ) -> Bool {
    for byte in line {
      let value = values[Int(byte)]
      if value < 64 {
        bits = bits << 6 | UInt32(value)
        count += 6
        if count >= 8 {
          count -= 8
          result.append(UInt8(truncatingIfNeeded: bits >> count))
        }
      } else if byte == Self.padding {
        // What was left over fills no byte; what follows is another piece of base64.
        (bits, count) = (0, 0)
      } else if value == Self.foreign {
        return false
      }
    }
    return true
  }
}
