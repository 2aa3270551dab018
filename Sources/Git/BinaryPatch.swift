import CZlib
import Diagnostics
import PatchSeries

/// Applies git's encoded binary patches, within bounds: a few of its bytes can stand for any number.
enum BinaryPatch {
  struct Problem: Error {
    var reason: String

    static let corrupt = Problem(reason: "its data is damaged")
  }

  /// More than any file of a kernel has.
  private static let mostBytes = 64 << 20

  /// What the file's part of `patch` makes of `bytes`.
  static func apply(_ diff: FileDiff, of patch: [UInt8], to bytes: [UInt8]) throws(Failure) -> Result<[UInt8], Problem>
  {
    guard let oldID = diff.oldID, let newID = diff.newID, oldID.count == 40, newID.count == 40 else {
      return .failure(Problem(reason: "it holds no data: write it with git format-patch, which includes them"))
    }
    let found = bytes.isEmpty && diff.status == .added ? ObjectID.zero.hex : ObjectID.blob(of: bytes).hex
    guard found == oldID else {
      return .failure(Problem(reason: "it was made for blob \(oldID.prefix(12)), found \(found.prefix(12))"))
    }
    let result: [UInt8]
    do throws(Problem) {
      result = try self.result(of: patch[diff.bytes], to: bytes)
    } catch {
      return .failure(error)
    }
    let id = diff.status == .deleted ? ObjectID.zero.hex : ObjectID.blob(of: result).hex
    guard id == newID else {
      return .failure(Problem(reason: "it gives blob \(id.prefix(12)), its index line says \(newID.prefix(12))"))
    }
    return .success(result)
  }

  /// The first of the two blocks leads from the old file to the new, the second one back.
  private static func result(of part: ArraySlice<UInt8>, to bytes: [UInt8]) throws(Problem) -> [UInt8] {
    let lines = part.split(separator: 0x0A, omittingEmptySubsequences: false)
    let blocks = lines.drop { !$0.elementsEqual("GIT binary patch".utf8) }.dropFirst().split(whereSeparator: \.isEmpty)
    guard let forward = blocks.first else {
      throw Problem(reason: "it holds no data: write it with git format-patch, which includes them")
    }
    let change = try read(forward)
    // It is not needed, but a damaged one tells of a damaged patch.
    if blocks.count > 1 { _ = try read(blocks[1]) }
    return change.isDelta ? try applying(change.data, to: bytes) : change.data
  }

  /// A line with the kind and size of the data, and the data.
  private static func read(_ block: ArraySlice<ArraySlice<UInt8>>) throws(Problem) -> (isDelta: Bool, data: [UInt8]) {
    let words = block.first?.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) } ?? []
    guard words.count == 2, let size = Int(words[1]), ["literal", "delta"].contains(words[0]) else { throw .corrupt }
    var data: [UInt8] = []
    for line in block.dropFirst() { try decode(line, into: &data) }
    return (words[0] == "delta", try inflate(data, to: size))
  }

  private static func inflate(_ data: [UInt8], to size: Int) throws(Problem) -> [UInt8] {
    guard (0...mostBytes).contains(size) else {
      throw Problem(reason: "it states \(size) bytes, which is more than \(mostBytes >> 20) MiB")
    }
    var count = uLong(size)
    var status = Z_OK
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
      status = uncompress(buffer.baseAddress, &count, data, uLong(data.count))
      initialized = status == Z_OK ? Int(count) : 0
    }
    guard status == Z_OK, count == size else { throw .corrupt }
    return bytes
  }

  // MARK: Base 85

  private static let alphabet = Array(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~".utf8)

  private static let values: [UInt32?] = {
    var values = [UInt32?](repeating: nil, count: 256)
    for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt32(value) }
    return values
  }()

  /// A line is a letter for the number of its bytes, and five digits for each four of them.
  private static func decode(_ line: ArraySlice<UInt8>, into data: inout [UInt8]) throws(Problem) {
    let count: Int
    switch line.first {
    case let letter? where (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(letter): count = Int(letter) - 64
    case let letter? where (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter): count = Int(letter) - 70
    default: throw .corrupt
    }
    var digits = line.dropFirst()
    guard digits.count == (count + 3) / 4 * 5 else { throw .corrupt }
    let end = data.count + count
    while !digits.isEmpty {
      var word: UInt32 = 0
      for digit in digits.prefix(5) {
        guard let value = values[Int(digit)] else { throw .corrupt }
        let (product, overflows) = word.multipliedReportingOverflow(by: 85)
        let (sum, carries) = product.addingReportingOverflow(value)
        guard !overflows, !carries else { throw .corrupt }
        word = sum
      }
      data += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) }
      digits = digits.dropFirst(5)
    }
    data.removeSubrange(end...)
  }

  // MARK: Deltas

  /// Builds a file of pieces of `base` and of new bytes, as `patch_delta` in git's patch-delta.c.
  private static func applying(_ delta: [UInt8], to base: [UInt8]) throws(Problem) -> [UInt8] {
    var rest = delta[...]
    guard number(&rest) == base.count, let size = number(&rest), size <= mostBytes else { throw .corrupt }
    var result: [UInt8] = []
    result.reserveCapacity(size)
    while let code = rest.popFirst() {
      var piece = rest.prefix(Int(code))
      if code & 0x80 == 0 {
        guard code > 0, piece.count == Int(code) else { throw .corrupt }
        rest = rest.dropFirst(piece.count)
      } else {
        var fields = [0, 0, 0, 0, 0, 0, 0]
        for index in fields.indices where code & 1 << index != 0 {
          guard let byte = rest.popFirst() else { throw .corrupt }
          fields[index] = Int(byte)
        }
        let offset = fields[0] | fields[1] << 8 | fields[2] << 16 | fields[3] << 24
        let length = fields[4] | fields[5] << 8 | fields[6] << 16
        piece = base.dropFirst(offset).prefix(length == 0 ? 0x10000 : length)
        guard piece.count == (length == 0 ? 0x10000 : length) else { throw .corrupt }
      }
      guard result.count + piece.count <= size else { throw .corrupt }
      result += piece
    }
    guard result.count == size else { throw .corrupt }
    return result
  }

  /// Seven bits a byte, the lowest first; what is longer than five bytes is beyond the bounds.
  private static func number(_ rest: inout ArraySlice<UInt8>) -> Int? {
    var number = 0
    for shift in stride(from: 0, to: 35, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      number |= Int(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return number }
    }
    return nil
  }
}
