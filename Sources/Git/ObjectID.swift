import CLibgit2
public import Diagnostics

/// The id of a git object: a SHA-1.
public struct ObjectID: Hashable, Sendable {
  // Twenty bytes, big-endian, so that comparing the words compares the bytes.
  private let high: UInt64
  private let middle: UInt64
  private let low: UInt32

  /// The bytes that `bytes` starts with, which must be at least twenty.
  init(_ bytes: UnsafeRawBufferPointer) {
    high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
    middle = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    low = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
  }

  init(_ oid: git_oid) {
    self = withUnsafeBytes(of: oid) { ObjectID($0) }
  }

  /// The id written as forty hexadecimal digits, or nil.
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

  /// The id git gives a blob of these bytes, from libgit2's hashing, which notices a SHA-1 collision attack.
  public static func blob(of bytes: [UInt8]) throws(Failure) -> ObjectID {
    var id = git_oid()
    try check(git_odb_hash(&id, bytes, bytes.count, GIT_OBJECT_BLOB)) { "cannot hash \(bytes.count) bytes" }
    return ObjectID(id)
  }

  /// Stands for no object in an `index` line.
  static let zero = ObjectID(git_oid())

  /// The tree without entries, which every repository has.
  static let emptyTree = ObjectID(hex: "4b825dc642cb6eb9a060e54bf8d69288fbee4904") ?? .zero

  /// The twenty bytes.
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
  public static func < (left: ObjectID, right: ObjectID) -> Bool {
    (left.high, left.middle, left.low) < (right.high, right.middle, right.low)
  }

  public var description: String { hex }
}

extension ObjectID: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let id = ObjectID(hex: text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not an object id")
    }
    self = id
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }
}
