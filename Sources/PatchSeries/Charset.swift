import Glibc

/// A character set a mail names for its text. iconv(3) does the work, so all that the C library knows are read.
struct Charset {
  let name: String

  private static let utf8 = "UTF-8"

  /// Longer names are none.
  private static let longestName = 64

  /// - Parameter name: as in `charset=…`; nil is returned for one that iconv does not know.
  init?(_ name: String) {
    // `iso-8859-1*de` states a language too (RFC 2231).
    let bare = name.prefix { $0 != "*" }.uppercased()
    // A slash would ask iconv for transliteration, or for a file of its own.
    guard !bare.isEmpty, bare.utf8.count <= Self.longestName,
      bare.utf8.allSatisfy({ $0.isAlphanumeric || "-_.:+()".utf8.contains($0) })
    else { return nil }
    switch bare {
    case "UTF-8", "UTF8": self.name = Self.utf8
    case "LATIN-1": self.name = "ISO-8859-1"
    default:
      self.name = bare
      guard let probe = Self.open(bare) else { return nil }
      iconv_close(probe)
    }
  }

  /// Whether the bytes of ASCII text stand for themselves, so that lines can be told apart before they are re-coded.
  var containsASCII: Bool {
    if name == Self.utf8 { return true }
    let sample = Array("diff -\n".utf8)
    return utf8(sample[...]) == sample
  }

  /// The text in UTF-8, or nil if it is not text in this character set.
  func utf8(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    if name == Self.utf8 { return Array(bytes) }
    guard let descriptor = Self.open(name) else { return nil }
    defer { iconv_close(descriptor) }
    var input = Array(bytes)
    return input.withUnsafeMutableBytes { Self.convert($0, descriptor) }
  }

  private static func open(_ name: String) -> iconv_t? {
    let descriptor = iconv_open(utf8, name)
    return descriptor == iconv_t(bitPattern: -1) ? nil : descriptor
  }

  private static func convert(_ input: UnsafeMutableRawBufferPointer, _ descriptor: iconv_t) -> [UInt8]? {
    var source = input.baseAddress?.assumingMemoryBound(to: CChar.self)
    var left = input.count
    var result: [UInt8] = []
    let block = UnsafeMutableBufferPointer<CChar>.allocate(capacity: min(4 * input.count, 1 << 20) + 64)
    defer { block.deallocate() }
    while true {
      var target = block.baseAddress
      var room = block.count
      let isEnding = left == 0
      // Without input, iconv writes what a stateful character set still holds back.
      let status =
        isEnding ? iconv(descriptor, nil, nil, &target, &room) : iconv(descriptor, &source, &left, &target, &room)
      let isFull = status == -1 && errno == E2BIG
      guard status != -1 || isFull else { return nil }
      result += UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(block)[..<(block.count - room)])
      if isEnding && !isFull { return result }
    }
  }
}
