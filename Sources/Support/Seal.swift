public import Diagnostics
public import FoundationEssentials
import Glibc

/// The digest at the end of a file of the cache, which detects a file that was damaged after it was written.
public enum Seal {
  /// The length of a seal in bytes.
  public static let size = 64

  /// The seal to append to the contents: their SHA-256 in hexadecimal.
  public static func of(_ contents: some DataProtocol) -> [UInt8] {
    Array(SHA256.digest(of: contents).hexadecimal.utf8)
  }

  /// The seal for the first `size` bytes of an open file, read in blocks; nil when they cannot be read.
  public static func of(file descriptor: Int32, size: Int) -> [UInt8]? {
    let hash = SHA256()
    var offset = 0
    let isRead = withUnsafeTemporaryAllocation(byteCount: 1 << 20, alignment: 16) { block in
      while offset < size {
        let count = pread(descriptor, block.baseAddress, min(block.count, size - offset), offset)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        hash.update(UnsafeRawBufferPointer(rebasing: block[..<count]))
        offset += count
      }
      return true
    }
    return isRead ? Array(hash.digest().hexadecimal.utf8) : nil
  }

  /// The contents of a sealed file; nil when it is truncated or damaged.
  public static func opened<Bytes: DataProtocol>(_ bytes: Bytes) -> Bytes.SubSequence? {
    guard bytes.count >= size else { return nil }
    let contents = bytes.dropLast(size)
    return of(contents).elementsEqual(bytes.suffix(size)) ? contents : nil
  }

  /// The length of an open sealed file's contents; nil when it is truncated or damaged.
  public static func openedSize(of descriptor: Int32) -> Int? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size >= Self.size else { return nil }
    let size = Int(status.st_size) - Self.size
    var found = [UInt8](repeating: 0, count: Self.size)
    guard pread(descriptor, &found, Self.size, size) == Self.size, of(file: descriptor, size: size) == found else {
      return nil
    }
    return size
  }
}

extension Files {
  /// Writes the file with a seal, atomically as `write` does.
  public static func writeSealed(_ bytes: some DataProtocol, to path: String) throws(Failure) {
    try write(Array(bytes) + Seal.of(bytes), to: path)
  }

  /// The bytes of a sealed file; nil when it is missing or damaged.
  public static func readSealed(_ path: String) -> [UInt8]? {
    read(path).flatMap { Seal.opened($0) }.map { Array($0) }
  }
}
