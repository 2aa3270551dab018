import CSource

/// The distinct words of a source: runs of letters, digits and underscores, comments and strings included.
///
/// Only the words' hashes (FNV-1a, 32 bits) are kept, as in an index on disk. About one file in a million seems to
/// contain a given word that it lacks.
public struct FileWords: Sendable {
  let hashes: Set<UInt32>

  /// Collects the words of a source.
  public init(_ source: [UInt8]) {
    self = source.withUnsafeBytes { FileWords($0) }
  }

  init(_ source: UnsafeRawBufferPointer) {
    var hashes: Set<UInt32> = []
    var hash: UInt32?
    for byte in source {
      if byte.isIdentifierPart {
        hash = Self.step(hash ?? Self.seed, byte)
      } else if let word = hash {
        hashes.insert(word)
        hash = nil
      }
    }
    if let hash { hashes.insert(hash) }
    self.hashes = hashes
  }

  /// Whether the source contains the word; rarely true for a word with the same hash as another.
  public func contains(_ word: String) -> Bool { hashes.contains(Self.hash(of: word)) }

  static func hash(of word: some StringProtocol) -> UInt32 { word.utf8.reduce(seed, step) }

  private static let seed: UInt32 = 0x811c_9dc5

  private static func step(_ hash: UInt32, _ byte: UInt8) -> UInt32 { (hash ^ UInt32(byte)) &* 0x0100_0193 }
}
