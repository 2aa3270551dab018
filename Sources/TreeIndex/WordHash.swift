/// The hash under which the index knows a word: FNV-1a, its two halves folded.
enum WordHash {
  static let seed: UInt64 = 0xcbf2_9ce4_8422_2325

  @inline(__always)
  static func step(_ state: UInt64, _ byte: UInt8) -> UInt64 { (state ^ UInt64(byte)) &* 0x100_0000_01b3 }

  @inline(__always)
  static func fold(_ state: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: state ^ (state >> 32)) }

  static func of(_ word: some StringProtocol) -> UInt32 { fold(word.utf8.reduce(seed, step)) }
}
