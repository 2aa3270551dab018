public import Diagnostics

/// Answers kept between runs, one file each, under keys that name everything they depend on.
///
/// An entry is written to a temporary neighbour and renamed, so a killed run leaves no half of one, and two runs at once
/// at worst do the same work twice. Every entry ends with the digest of its contents; one that does not match is a miss.
public struct VerdictStore: Sendable {
  public let directory: String

  /// - Parameter directory: where the entries are; it is created when the first is written.
  public init(directory: String) {
    self.directory = directory
  }

  /// The bytes stored under a key; nil when there are none or when they are damaged.
  public func read(_ key: VerdictKey) -> [UInt8]? {
    guard var bytes = readFile(path(key)), bytes.count >= 64 else { return nil }
    let seal = String(decoding: bytes.suffix(64), as: UTF8.self)
    bytes.removeLast(64)
    return VerdictKey.digest(of: bytes) == seal ? bytes : nil
  }

  /// Stores `bytes` under a key, in place of what was there.
  public func write(_ bytes: [UInt8], _ key: VerdictKey) throws(Failure) {
    try writeAtomically(bytes + Array(VerdictKey.digest(of: bytes).utf8), to: path(key))
  }

  private func path(_ key: VerdictKey) -> String {
    "\(directory)/\(key.digest.prefix(2))/\(key.digest.dropFirst(2))"
  }
}
