import CSource

/// The distinct words of a source: its runs of letters, digits and underscores, comments and strings included.
///
/// A word is known by its hash (FNV-1a, 32 bits), which is what an index on disk keeps. One in a million files seems to
/// have a word that it lacks.
public struct FileWords: Sendable {
  let hashes: Set<UInt32>

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

  public func contains(_ word: String) -> Bool { hashes.contains(Self.hash(of: word)) }

  static func hash(of word: some StringProtocol) -> UInt32 { word.utf8.reduce(seed, step) }

  private static let seed: UInt32 = 0x811c_9dc5

  private static func step(_ hash: UInt32, _ byte: UInt8) -> UInt32 { (hash ^ UInt32(byte)) &* 0x0100_0193 }
}
