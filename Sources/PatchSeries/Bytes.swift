import Glibc

extension Collection<UInt8> {
  func begins(with text: String) -> Bool {
    starts(with: text.utf8)
  }

  /// The bytes as text; invalid UTF-8 becomes the replacement character.
  var text: String {
    String(decoding: self, as: UTF8.self)
  }
}

extension ArraySlice<UInt8> {
  /// The same as for any collection, but fast enough for every line of a large mbox.
  func begins(with text: String) -> Bool {
    var text = text
    return text.withUTF8 { wanted in
      guard let start = wanted.baseAddress else { return true }
      return withUnsafeBytes { bytes in
        bytes.count >= wanted.count && bytes.baseAddress.map { memcmp($0, start, wanted.count) == 0 } == true
      }
    }
  }

  /// The same as `==`, but as fast as `begins(with:)`.
  func isSame(as other: ArraySlice<UInt8>) -> Bool {
    withUnsafeBytes { one in
      other.withUnsafeBytes { two in
        guard one.count == two.count else { return false }
        guard let first = one.baseAddress, let second = two.baseAddress else { return true }
        return memcmp(first, second, one.count) == 0
      }
    }
  }

  /// The index of the first such byte; nil if there is none.
  func position(of byte: UInt8) -> Int? {
    withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, let found = memchr(base, Int32(byte), bytes.count) else { return nil }
      return startIndex + base.distance(to: UnsafeRawPointer(found))
    }
  }
}

extension BidirectionalCollection<UInt8> where SubSequence: BidirectionalCollection<UInt8> {
  /// The bytes without trailing white space.
  var trimmedEnd: SubSequence { trimmedEnd(of: \.isSpace) }

  func trimmedEnd(of isSpace: (UInt8) -> Bool) -> SubSequence {
    var end = endIndex
    while end > startIndex, isSpace(self[index(before: end)]) { formIndex(before: &end) }
    return self[startIndex..<end]
  }
}

extension UInt8 {
  /// C's `isspace` in the C locale.
  var isSpace: Bool {
    self == 0x20 || (0x09...0x0D).contains(self)
  }

  /// git's own `isspace`, which includes neither form feed nor vertical tab.
  var isGitSpace: Bool {
    self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D
  }

  var isDigit: Bool {
    (0x30...0x39).contains(self)
  }

  /// C's `isalnum` in the C locale.
  var isAlphanumeric: Bool {
    isDigit || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
  }
}

extension StringProtocol {
  /// The text without leading and trailing white space.
  var trimmed: String {
    var bytes = Array(utf8).trimmedEnd
    bytes = bytes.drop { $0.isSpace }
    return bytes.text
  }
}

/// `number` in decimal, padded with leading zeros to `width` digits.
func padded(_ number: Int, to width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
