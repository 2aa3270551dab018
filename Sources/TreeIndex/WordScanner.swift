/// Collects the distinct words of a file: the runs of letters, digits and underscores.
struct WordScanner {
  /// A hash table whose slots belong to the file whose number they carry, so that it need not be emptied between files.
  private var slots = [UInt64](repeating: 0, count: 1 << 16)
  private var file: UInt32 = 0

  static let isWord: [Bool] = (0...255).map { byte in
    let byte = UInt8(byte)
    return byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  mutating func words(in bytes: UnsafeRawBufferPointer) -> [UInt32] {
    file &+= 1
    var words: [UInt32] = []
    let file = file
    slots.withUnsafeMutableBufferPointer { slots in
      Self.isWord.withUnsafeBufferPointer { isWord in
        var position = 0
        while position < bytes.count {
          guard isWord[Int(bytes[position])] else {
            position &+= 1
            continue
          }
          var state = WordHash.seed
          while position < bytes.count, isWord[Int(bytes[position])] {
            state = WordHash.step(state, bytes[position])
            position &+= 1
          }
          let hash = WordHash.fold(state)
          if words.count < slots.count / 2 {
            if Self.insert(hash, file, slots) { words.append(hash) }
          } else {
            // A table of this size is crowded: a word may be kept twice, which does no harm.
            words.append(hash)
          }
        }
      }
    }
    return words
  }

  @inline(__always)
  private static func insert(_ hash: UInt32, _ file: UInt32, _ slots: UnsafeMutableBufferPointer<UInt64>) -> Bool {
    let entry = UInt64(file) << 32 | UInt64(hash)
    let mask = slots.count &- 1
    var slot = Int(hash &* 2_654_435_769 >> 8) & mask
    while slots[slot] >> 32 == UInt64(file) {
      if slots[slot] == entry { return false }
      slot = (slot &+ 1) & mask
    }
    slots[slot] = entry
    return true
  }
}
