/// Decodes quoted-printable text (RFC 2045, 6.7) as `git mailinfo` does: what is no escape stands for itself.
enum QuotedPrintable {
  /// Appends one line, decoded; a `=` at its end joins it to the next.
  ///
  /// - Parameter underscores: whether `_` stands for a space, as in the encoded words of a header (RFC 2047).
  static func decode(_ line: ArraySlice<UInt8>, underscores: Bool = false, into result: inout [UInt8]) {
    var rest = line
    while let escape = underscores
      ? rest.firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "_") })
      : rest.position(of: UInt8(ascii: "="))
    {
      result += rest[..<escape]
      let after = rest[(escape + 1)...]
      if rest[escape] == UInt8(ascii: "_") {
        result.append(0x20)
        rest = after
      } else if after.isEmpty || after.elementsEqual([0x0A]) {
        return
      } else if let byte = hexadecimal(after.prefix(2)) {
        result.append(byte)
        rest = after.dropFirst(2)
      } else {
        result.append(UInt8(ascii: "="))
        rest = after
      }
    }
    result += rest
  }

  private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt8? {
    guard digits.count == 2, let high = digit(digits[digits.startIndex]), let low = digit(digits[digits.startIndex + 1])
    else { return nil }
    return high << 4 | low
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
