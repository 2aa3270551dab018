#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where a whole word stands in raw source bytes, comments and strings included.
public enum WordPositions {
  /// The offsets at which the word starts, in order.
  public static func of(_ word: String, in source: [UInt8]) -> [Int] {
    let word = Array(word.utf8)
    guard let rarest = word.indices.max(by: { rarity(word[$0]) < rarity(word[$1]) }) else { return [] }
    return source.withUnsafeBytes { bytes in
      word.withUnsafeBytes { word in
        var found: [Int] = []
        guard let base = bytes.baseAddress, let pattern = word.baseAddress else { return found }
        forEach(word[rarest], in: bytes) { offset in
          let start = offset - rarest
          let end = start + word.count
          guard start >= 0, end <= bytes.count, memcmp(base + start, pattern, word.count) == 0 else { return }
          if start > 0, bytes[start - 1].isIdentifierPart { return }
          if end < bytes.count, bytes[end].isIdentifierPart { return }
          found.append(start)
        }
        return found
      }
    }
  }

  /// The offsets at which a byte stands, in order.
  static func offsets(of byte: UInt8, in source: [UInt8]) -> [Int] {
    var found: [Int] = []
    source.withUnsafeBytes { forEach(byte, in: $0) { found.append($0) } }
    return found
  }

  /// Whole trees are searched: memchr takes a fraction of what a loop over the bytes does.
  private static func forEach(_ byte: UInt8, in bytes: UnsafeRawBufferPointer, _ body: (Int) -> Void) {
    guard let base = bytes.baseAddress else { return }
    var from = 0
    while from < bytes.count, let hit = memchr(base + from, Int32(byte), bytes.count - from) {
      let offset = UnsafeRawPointer(hit) - base
      body(offset)
      from = offset + 1
    }
  }

  /// How seldom a byte is in C; those not listed are the rarest.
  private static func rarity(_ byte: UInt8) -> Int {
    let common = Array("etrisnacdo_lupfmgbhv0kwy1x2qzj".utf8)
    return common.firstIndex(of: byte) ?? common.count
  }

  /// The line, from 1, that holds an offset.
  public static func line(of offset: Int, in source: [UInt8]) -> Int {
    source[..<offset].reduce(1) { $1 == .newline ? $0 + 1 : $0 }
  }
}
