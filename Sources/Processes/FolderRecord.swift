public import Diagnostics
import Glibc
import Support
import SystemPackage

/// What files of a folder were like when all was as it should be, so that those are noticed which were damaged since, or
/// cut short, or are gone. A file that is new in the folder is not.
public struct FolderRecord: Sendable {
  /// By what a file is known again.
  public enum Trait: UInt8, Sendable {
    /// Its mode, size and time of last change, as in git's index: it need not be read. A change that leaves all of these
    /// alone, such as a disk's that forgets a bit, is not noticed.
    case time
    /// Its mode and contents; not for links.
    case contents
  }

  private let trait: Trait
  /// For each file what it was like, in a fixed number of bytes, its path, and a zero.
  private let entries: [UInt8]

  /// - Parameter paths: files and links in the folder.
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

  /// The record that was written to a file; nil when there is none, or when it is damaged.
  public init?(contentsOf file: String) {
    guard let bytes = Files.readSealed(file), let trait = bytes.first.flatMap(Trait.init(rawValue:)) else { return nil }
    self.trait = trait
    entries = Array(bytes.dropFirst())
  }

  public func write(to file: String) throws(Failure) {
    try Files.writeSealed([trait.rawValue] + entries, to: file)
  }

  /// The files that are not in the folder as they were.
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

  /// How many bytes tell what a file is like.
  private static func size(_ trait: Trait) -> Int { trait == .time ? 24 : 40 }

  /// What a file is like; zeros for one that is not there.
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

  /// The bytes of a file; none where it cannot be read.
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
  /// A record of all files in a folder that hold something.
  ///
  /// - Parameter isLeftOut: asked of paths in the folder.
  public init(ofAllIn folder: String, by trait: Trait, except isLeftOut: (String) -> Bool = { _ in false }) {
    let paths = Files.paths(below: folder).filter { path in
      var status = stat()
      return !isLeftOut(path) && lstat("\(folder)/\(path)", &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        && status.st_size > 0
    }
    self.init(of: folder, paths.sorted(), by: trait)
  }
}
