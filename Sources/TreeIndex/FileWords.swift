import CSource

/// The distinct words of a source: runs of letters, digits and underscores, comments and strings included. `#NAME` is a
/// word, too, where the source defines a macro NAME.
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
    let define = Self.hash(of: "define")
    let macroSeed = Self.hash(of: "#")
    var hashes: Set<UInt32> = []
    var hash: UInt32?
    var macro = macroSeed
    // What the word above follows: a `#`, or a `#define`.
    var (isDirective, isDefined) = (false, false)
    for byte in source {
      if byte.isIdentifierPart {
        hash = Self.step(hash ?? Self.seed, byte)
        if isDefined { macro = Self.step(macro, byte) }
        continue
      }
      if let word = hash {
        hashes.insert(word)
        if isDefined { hashes.insert(macro) }
        (isDefined, isDirective) = (isDirective && word == define, false)
        (hash, macro) = (nil, macroSeed)
      }
      if byte == UInt8(ascii: "#") {
        isDirective = true
      } else if byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t") {
        (isDefined, isDirective) = (false, false)
      }
    }
    if let hash { hashes.insert(hash) }
    if hash != nil, isDefined { hashes.insert(macro) }
    self.hashes = hashes
  }

  /// Whether the source contains the word; rarely true for a word with the same hash as another.
  public func contains(_ word: String) -> Bool { hashes.contains(Self.hash(of: word)) }

  static func hash(of word: some StringProtocol) -> UInt32 { word.utf8.reduce(seed, step) }

  private static let seed: UInt32 = 0x811c_9dc5

  private static func step(_ hash: UInt32, _ byte: UInt8) -> UInt32 { (hash ^ UInt32(byte)) &* 0x0100_0193 }
}
