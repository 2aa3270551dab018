/// Finds a whole word in raw source bytes, comments and strings included.
public enum WordPositions {
  /// The offsets at which the word starts, in order.
  public static func of(_ word: String, in source: [UInt8]) -> [Int] {
    source.withUnsafeBytes { of(word, in: $0) }
  }

  /// The offsets at which the word starts in a borrowed buffer, in order.
  ///
  /// It searches whole trees, so it uses Horspool's algorithm, which skips most bytes.
  public static func of(_ word: String, in source: UnsafeRawBufferPointer) -> [Int] {
    let word = Array(word.utf8)
    guard let last = word.last else { return [] }
    var steps = [Int](repeating: word.count, count: 256)
    for (index, byte) in word.dropLast().enumerated() { steps[Int(byte)] = word.count - 1 - index }
    var found: [Int] = []
    var end = word.count
    while end <= source.count {
      let byte = source[end - 1]
      if byte == last, stands(word, in: source, endingAt: end) { found.append(end - word.count) }
      end += steps[Int(byte)]
    }
    return found
  }

  private static func stands(_ word: [UInt8], in source: UnsafeRawBufferPointer, endingAt end: Int) -> Bool {
    let start = end - word.count
    return source[start..<end].elementsEqual(word) && (start == 0 || !source[start - 1].isIdentifierPart)
      && (end == source.count || !source[end].isIdentifierPart)
  }

  /// The line, from 1, that contains an offset.
  public static func line(of offset: Int, in source: [UInt8]) -> Int {
    source[..<offset].count { $0 == .newline } + 1
  }
}
