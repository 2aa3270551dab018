import CLibgit2
public import Diagnostics

/// The id of a git object: a SHA-1.
public struct ObjectID: Hashable, Sendable {
  // Twenty bytes as big-endian words, so that comparing words compares bytes.
  private let high: UInt64
  private let middle: UInt64
  private let low: UInt32

  /// Reads the first twenty bytes of `bytes`, which must have as many.
  init(_ bytes: UnsafeRawBufferPointer) {
    high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
    middle = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    low = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
  }

  init(_ oid: git_oid) {
    self = withUnsafeBytes(of: oid) { ObjectID($0) }
  }

  /// Parses forty hexadecimal digits of either case; nil for any other text.
  public init?(hex: String) {
    let digits = Array(hex.utf8)
    guard digits.count == 40, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    func word<Word: FixedWidthInteger>(_ range: Range<Int>, _: Word.Type) -> Word? {
      Word(String(decoding: digits[range], as: UTF8.self), radix: 16)
    }
    guard let high = word(0..<16, UInt64.self), let middle = word(16..<32, UInt64.self),
      let low = word(32..<40, UInt32.self)
    else { return nil }
    self.high = high
    self.middle = middle
    self.low = low
  }

  /// Forty lower-case hexadecimal digits.
  public var hex: String {
    func digits(_ word: some FixedWidthInteger) -> String {
      let text = String(word, radix: 16)
      return String(repeating: "0", count: word.bitWidth / 4 - text.count) + text
    }
    return digits(high) + digits(middle) + digits(low)
  }

  /// The first `count` digits; the kernel uses twelve.
  public func abbreviated(_ count: Int = 12) -> String {
    String(hex.prefix(count))
  }

  /// The id that git gives a blob of these bytes. libgit2 computes it and detects SHA-1 collision attacks.
  public static func blob(of bytes: [UInt8]) throws(Failure) -> ObjectID {
    var id = git_oid()
    try check(git_odb_hash(&id, bytes, bytes.count, GIT_OBJECT_BLOB)) { "cannot hash \(bytes.count) bytes" }
    return ObjectID(id)
  }

  /// The null id, which means no object in an `index` line.
  static let zero = ObjectID(git_oid())

  /// The empty tree, which every repository has.
  static let emptyTree = ObjectID(hex: "4b825dc642cb6eb9a060e54bf8d69288fbee4904") ?? .zero

  /// The twenty bytes of the id.
  public var bytes: [UInt8] {
    withUnsafeBytes(of: (high.bigEndian, middle.bigEndian, low.bigEndian)) { Array($0.prefix(20)) }
  }

  var oid: git_oid {
    var oid = git_oid()
    withUnsafeMutableBytes(of: &oid) { $0.copyBytes(from: bytes) }
    return oid
  }
}

extension ObjectID: Comparable, CustomStringConvertible {
  /// Orders ids by their bytes.
  public static func < (left: ObjectID, right: ObjectID) -> Bool {
    (left.high, left.middle, left.low) < (right.high, right.middle, right.low)
  }

  /// The id as `hex`.
  public var description: String { hex }
}

extension ObjectID: Codable {
  /// Decodes the id from a string of forty hexadecimal digits.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let id = ObjectID(hex: text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not an object id")
    }
    self = id
  }

  /// Encodes the id as the string `hex`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }
}
