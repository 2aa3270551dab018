/// How much of one file's text is in another, as git measures it to find renames (diffcore-delta.c).
struct Similarity {
  /// Stands for identical files.
  static let identical = 60000
  /// Git's default: half.
  static let least = 30000

  private static let base: UInt32 = 107_927
  private static let longestSpan = 64

  /// Bytes by the hash of the span they are in: a line, or 64 bytes of a longer one.
  private let counts: [UInt32: Int]
  private let size: Int

  init(_ bytes: [UInt8], isText: Bool) {
    size = bytes.count
    var counts: [UInt32: Int] = [:]
    var (one, two): (UInt32, UInt32) = (0, 0)
    var length = 0
    func add(_ counts: inout [UInt32: Int]) {
      counts[(one &+ two &* 0x61) % Self.base, default: 0] += length
    }
    for (index, byte) in bytes.enumerated() {
      if isText, byte == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A { continue }
      let old = one
      one = (one << 7) ^ (two >> 25)
      two = (two << 7) ^ (old >> 25)
      one = one &+ UInt32(byte)
      length += 1
      if length < Self.longestSpan, byte != 0x0A { continue }
      add(&counts)
      (one, two, length) = (0, 0, 0)
    }
    if length > 0 { add(&counts) }
    self.counts = counts
  }

  /// From 0 to `identical`; 0 where the sizes alone show that it is less than `least`.
  func score(to other: Similarity, least: Int) -> Int {
    let larger = max(size, other.size)
    let difference = larger - min(size, other.size)
    guard larger > 0, larger * (Self.identical - least) >= difference * Self.identical else { return 0 }
    let copied = counts.reduce(0) { $0 + min($1.value, other.counts[$1.key] ?? 0) }
    return copied * Self.identical / larger
  }
}
