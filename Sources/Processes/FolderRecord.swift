public import Diagnostics
import Glibc
import Support
import SystemPackage

/// A record of the state of files in a folder, to find those that were later damaged, truncated or removed. New files in
/// the folder are not noticed.
public struct FolderRecord: Sendable {
  /// The properties of a file that are recorded.
  public enum Trait: UInt8, Sendable {
    /// Mode, size and modification time, as in git's index, so that no file need be read. A change that keeps all three,
    /// such as a flipped bit on the disk, is not noticed.
    case time
    /// Mode and contents; not for links.
    case contents
  }

  private let trait: Trait
  /// For each file: its state in a fixed number of bytes, its path, and a zero byte.
  private let entries: [UInt8]

  /// Records the current state of files.
  ///
  /// - Parameter paths: the paths of files and links, relative to `folder`.
  public init(of folder: String, _ paths: some Sequence<String>, by trait: Trait) {
    self.trait = trait
    var entries: [UInt8] = []
    for path in paths {
      entries += "\(folder)/\(path)".withCString { Self.state(AT_FDCWD, $0, by: trait) }
      entries += path.utf8
      entries.append(0)
    }
    self.entries = entries
  }

  /// Reads a record from a file; nil when it is missing or damaged.
  public init?(contentsOf file: String) {
    guard let bytes = Files.readSealed(file), let trait = bytes.first.flatMap(Trait.init(rawValue:)) else { return nil }
    self.trait = trait
    entries = Array(bytes.dropFirst())
  }

  /// Writes the record to a file, with a seal.
  ///
  /// - Throws: `Failure(.unavailable)` when the file cannot be written.
  public func write(to file: String) throws(Failure) {
    try Files.writeSealed([trait.rawValue] + entries, to: file)
  }

  /// The paths of the recorded files that changed or are missing.
  public func changed(in folder: String) -> [String] {
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(directory) }
    var changed: [String] = []
    entries.withUnsafeBytes { entries in
      var start = 0
      while start < entries.count {
        let state = entries[start..<(start + Self.size(trait))]
        guard let path = entries[state.endIndex...].assumingMemoryBound(to: CChar.self).baseAddress else { return }
        if !Self.state(directory, path, by: trait).elementsEqual(state) { changed.append(String(cString: path)) }
        start = state.endIndex + strlen(path) + 1
      }
    }
    return changed
  }

  /// The number of bytes in a file's state.
  private static func size(_ trait: Trait) -> Int { trait == .time ? 24 : 40 }

  /// The state of a file; zeros for a missing file.
  private static func state(_ directory: Int32, _ path: UnsafePointer<CChar>, by trait: Trait) -> [UInt8] {
    var status = stat()
    guard fstatat(directory, path, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      return [UInt8](repeating: 0, count: size(trait))
    }
    let mode = UInt64(status.st_mode)
    switch trait {
    case .time:
      let time = status.st_mtim.tv_sec &* 1_000_000_000 &+ status.st_mtim.tv_nsec
      return withUnsafeBytes(of: (mode, UInt64(bitPattern: Int64(status.st_size)), Int64(time))) { Array($0) }
    case .contents:
      return withUnsafeBytes(of: mode) { Array($0) } + SHA256.digest(of: contents(directory, path))
    }
  }

  /// The bytes of a file; empty when it cannot be read.
  private static func contents(_ directory: Int32, _ path: UnsafePointer<CChar>) -> [UInt8] {
    let file = FileDescriptor(rawValue: openat(directory, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC))
    guard file.rawValue >= 0 else { return [] }
    defer { try? file.close() }
    var bytes: [UInt8] = []
    withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { block in
      while let count = try? file.read(into: block), count > 0 { bytes += block[..<count] }
    }
    return bytes
  }
}

extension FolderRecord {
  /// Records the current state of all nonempty regular files in a folder.
  ///
  /// - Parameter isLeftOut: whether to leave out a file, by its path relative to `folder`.
  public init(ofAllIn folder: String, by trait: Trait, except isLeftOut: (String) -> Bool = { _ in false }) {
    let paths = Files.paths(below: folder).filter { path in
      var status = stat()
      return !isLeftOut(path) && lstat("\(folder)/\(path)", &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        && status.st_size > 0
    }
    self.init(of: folder, paths.sorted(), by: trait)
  }
}
