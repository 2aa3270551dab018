public import Diagnostics
import FoundationEssentials
import Glibc

/// File operations whose failures name the operation and the file.
public enum Files {
  /// Creates the folder and all missing folders above it.
  public static func makeFolder(_ path: String) throws(Failure) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw Failure(.unavailable, "cannot create the folder \(path)", notes: reason(error))
    }
  }

  /// Removes the file or folder, if it exists.
  public static func remove(_ path: String) throws(Failure) {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      if (error as? CocoaError)?.code == .fileNoSuchFile { return }
      throw Failure(.unavailable, "cannot remove \(path)", notes: reason(error))
    }
  }

  /// Writes the file atomically. Only one process may write it at a time.
  ///
  /// A killed process leaves only the temporary file `PATH.new`, which the next write replaces.
  public static func write(_ bytes: some Sequence<UInt8>, to path: String) throws(Failure) {
    let temporary = path + ".new"
    // Never write through a link that someone else put there.
    _ = unlink(temporary)
    do {
      try create(path, as: temporary, bytes)
    } catch {
      _ = unlink(temporary)
      throw error
    }
    try rename(temporary, to: path)
  }

  /// Writes a new file. A failed or killed write may leave part of it.
  public static func create(_ path: String, _ bytes: some Sequence<UInt8>) throws(Failure) {
    try create(path, as: path, bytes)
  }

  private static func create(_ path: String, as name: String, _ bytes: some Sequence<UInt8>) throws(Failure) {
    do {
      try Data(bytes).write(to: URL(filePath: name), options: .withoutOverwriting)
    } catch {
      throw Failure(.unavailable, "cannot write \(path)", notes: reason(error))
    }
  }

  /// The bytes of the file; nil when there is no such file or it cannot be read.
  public static func read(_ path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path).map { Array($0) }
  }

  /// The bytes of a regular file; nil when there is none or it cannot be read. A symbolic link is not followed.
  public static func readRegular(_ path: String) -> [UInt8]? {
    try? read(path, flags: O_NOFOLLOW) { $0 & S_IFMT == S_IFREG }
  }

  /// The first bytes of a file, which may be a pipe or a device without an end.
  ///
  /// - Throws: status `.input` when it cannot be read.
  public static func read(_ path: String, upTo limit: Int) throws(Failure) -> [UInt8] {
    do {
      return try read(path, limit: limit)
    } catch {
      throw Failure(.input, at: Place(path), "cannot read the file", notes: [String(cString: strerror(error.code))])
    }
  }

  private struct SystemError: Error {
    var code = errno
  }

  private static func read(
    _ path: String, limit: Int = .max, flags: Int32 = 0, if isWanted: (mode_t) -> Bool = { _ in true }
  ) throws(SystemError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC | flags)
    guard file >= 0 else { throw SystemError() }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, isWanted(status.st_mode) else { throw SystemError() }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(limit, Int(status.st_size)))
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < limit {
      let count = Glibc.read(file, &block, min(block.count, limit - bytes.count))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw SystemError() }
      if count == 0 { break }
      bytes += block[..<count]
    }
    return bytes
  }

  /// Writes a file so that whoever looks sees all of it or nothing, however many write it: into the folder `temporary`,
  /// then renamed. The file's folder is made where it is missing.
  public static func write(_ bytes: [UInt8], to path: String, by temporary: String) throws(Failure) {
    let draft = "\(temporary)/\(UInt64.random(in: 0 ... .max))"
    do throws(Failure) {
      try create(path, as: draft, bytes)
      if Glibc.rename(draft, path) == 0 { return }
      // The first entry of a folder makes it.
      if errno == ENOENT, let slash = path.lastIndex(of: "/") { try makeFolder(String(path[..<slash])) }
      try rename(draft, to: path)
    } catch {
      _ = unlink(draft)
      throw error
    }
  }

  /// Whether a path is a folder, or a link to one; nil when there is nothing.
  public static func isFolder(_ path: String) -> Bool? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT == S_IFDIR : nil
  }

  /// Whether there is a file or folder of this name.
  public static func exists(_ path: String) -> Bool {
    access(path, F_OK) == 0
  }

  /// Whether there is a regular file of this name, or a link to one.
  public static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Renames the file or folder `old` to `new` atomically.
  public static func rename(_ old: String, to new: String) throws(Failure) {
    guard Glibc.rename(old, new) == 0 else {
      throw Failure(.unavailable, "cannot rename \(old) to \(new)", notes: [String(cString: strerror(errno))])
    }
  }

  /// The names of the folder's entries, sorted; empty when there is no such folder.
  public static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// The paths of all entries below a folder, at any depth, relative to it; empty when there is no such folder.
  public static func paths(below folder: String) -> [String] {
    (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
  }

  /// Adds a note to a failure if the file system of `path` is full: programs that run out of space may report anything.
  public static func explaining(_ failure: Failure, at path: String) -> Failure {
    var room = statvfs()
    guard failure.status == .unavailable, statvfs(path, &room) == 0, room.f_bavail * room.f_frsize < 1 << 20 else {
      return failure
    }
    var failure = failure
    failure.findings.append(Finding(.note, at: Place(path), String(cString: strerror(ENOSPC))))
    return failure
  }

  private static func reason(_ error: any Error) -> [String] {
    guard let posix = (error as? CocoaError)?.underlying as? POSIXError else { return ["\(error)"] }
    return [String(cString: strerror(posix.code.rawValue))]
  }
}
