#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where a whole word stands in raw source bytes, comments and strings included.
public enum WordPositions {
  /// The offsets at which the word starts, in order.
  public static func of(_ word: String, in source: [UInt8]) -> [Int] {
    of(Array(word.utf8), in: source, 0..<source.count)
  }

  /// The offsets in a range of the source at which the word starts, in order.
  static func of(_ word: [UInt8], in source: [UInt8], _ range: Range<Int>) -> [Int] {
    guard let rarest = word.indices.max(by: { rarity(word[$0]) < rarity(word[$1]) }) else { return [] }
    return source.withUnsafeBytes { bytes in
      word.withUnsafeBytes { word in
        var found: [Int] = []
        guard let base = bytes.baseAddress, let pattern = word.baseAddress else { return found }
        var from = range.lowerBound + rarest
        // Whole trees are searched: memchr takes a fraction of what a loop over the bytes does.
        while from < range.upperBound, let hit = memchr(base + from, Int32(word[rarest]), range.upperBound - from) {
          let offset = UnsafeRawPointer(hit) - base
          from = offset + 1
          let start = offset - rarest
          let end = start + word.count
          guard end <= range.upperBound, memcmp(base + start, pattern, word.count) == 0 else { continue }
          if start > 0, bytes[start - 1].isIdentifierPart { continue }
          if end < bytes.count, bytes[end].isIdentifierPart { continue }
          found.append(start)
        }
        return found
      }
    }
  }

  /// How seldom a byte is in C; those not listed are the rarest.
  private static func rarity(_ byte: UInt8) -> Int {
    common.firstIndex(of: byte) ?? common.count
  }

  private static let common = Array("etrisnacdo_lupfmgbhv0kwy1x2qzj".utf8)

  /// The line, from 1, that holds an offset.
  public static func line(of offset: Int, in source: [UInt8]) -> Int {
    source.withUnsafeBytes { $0[..<offset].reduce(1) { $1 == .newline ? $0 + 1 : $0 } }
  }
}
