import Crypto
import Glibc
import Processes

/// Everything a stored answer depends on, in 64 hexadecimal digits.
public struct VerdictKey: Hashable, Sendable {
  public let digest: String

  /// The key with these digits.
  init(digest: String) { self.digest = digest }

  /// The key of a list of words. Each word's length goes in, so that no two lists share a key.
  public init(_ words: some Sequence<String>) {
    var hash = SHA256()
    for word in words {
      hash.update(data: Array("\(word.utf8.count):".utf8))
      hash.update(data: Array(word.utf8))
    }
    digest = Self.hexadecimal(hash.finalize())
  }

  /// What tells this build of the program from any other, for answers that depend on how it reckons.
  public static let program: String = {
    var status = stat()
    guard stat("/proc/self/exe", &status) == 0 else { return "" }
    return "\(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }()

  /// The SHA-256 of `bytes`, in hexadecimal.
  static func digest(of bytes: [UInt8]) -> String { String(decoding: Seal.of(bytes), as: UTF8.self) }

  private static func hexadecimal(_ digest: SHA256.Digest) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
