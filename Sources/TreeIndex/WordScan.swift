/// Finds whole words in raw source bytes, all words in one pass.
public struct WordScan: Sendable {
  private let words: [[UInt8]]
  private let buckets: [UInt64: [Int]]
  /// Which first bytes and which lengths any of the words has: what lets most identifiers go by unhashed.
  private let starts: [Bool]
  private let lengths: [Bool]

  public init(_ words: some Collection<String>) {
    self.words = words.map { Array($0.utf8) }
    var buckets: [UInt64: [Int]] = [:]
    var starts = [Bool](repeating: false, count: 256)
    var lengths = [Bool](repeating: false, count: 256)
    for (index, word) in self.words.enumerated() where !word.isEmpty && word.count < 256 {
      starts[Int(word[0])] = true
      lengths[word.count] = true
      buckets[word.withUnsafeBufferPointer { Self.hash($0, 0, word.count) }, default: []].append(index)
    }
    self.buckets = buckets
    self.starts = starts
    self.lengths = lengths
  }

  /// The words that occur in `source`, in comments and strings too.
  public func words(in source: [UInt8]) -> Set<String> {
    var found: Set<Int> = []
    starts.withUnsafeBufferPointer { starts in
      lengths.withUnsafeBufferPointer { lengths in
        Self.isWord.withUnsafeBufferPointer { isWord in
          source.withUnsafeBufferPointer { bytes in
            var position = 0
            let end = bytes.count
            while position < end {
              if !isWord[Int(bytes[position])] {
                position &+= 1
                continue
              }
              let start = position
              while position < end, isWord[Int(bytes[position])] { position &+= 1 }
              let length = position &- start
              if length < 256, starts[Int(bytes[start])], lengths[length],
                let candidates = buckets[Self.hash(bytes, start, length)]
              {
                for index in candidates where words[index].elementsEqual(bytes[start..<position]) {
                  found.insert(index)
                }
              }
            }
          }
        }
      }
    }
    return Set(found.map { String(decoding: words[$0], as: UTF8.self) })
  }

  private static let isWord = WordScanner.isWord

  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in start..<(start &+ count) { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
    return hash
  }
}
