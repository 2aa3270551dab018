public import Diagnostics
import Support
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files and folders of a cache that this process uses, marked so that pruning can tell what is in use and what was
/// used last when.
public enum FileUse {
  /// By path, a descriptor with a shared lock on the file or folder.
  private static let held = Mutex<[String: Int32]>([:])

  /// Marks the file or folder as used now, and protects it from `removeUnused` until `end` or the end of this process.
  ///
  /// - Returns: whether it exists.
  @discardableResult
  public static func begin(_ path: String) -> Bool {
    held.withLock { held in
      if let descriptor = held[path], isOpen(path, as: descriptor) {
        futimens(descriptor, nil)
        return true
      }
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return false }
      // Only a removal takes the exclusive lock, and only for the time of a rename.
      while flock(descriptor, LOCK_SH) != 0, errno == EINTR {}
      guard isOpen(path, as: descriptor) else {
        close(descriptor)
        return false
      }
      futimens(descriptor, nil)
      if let old = held.updateValue(descriptor, forKey: path) { release(old) }
      return true
    }
  }

  /// Ends this process's use of the file or folder.
  public static func end(_ path: String) {
    if let descriptor = held.withLock({ $0.removeValue(forKey: path) }) { release(descriptor) }
  }

  /// Renames the file or folder to `trash` unless a process uses it.
  ///
  /// - Parameter trash: the path to move it to, on the same file system.
  /// - Returns: whether `path` no longer exists.
  /// - Throws: `Failure(.unavailable)` when it cannot be renamed.
  public static func removeUnused(_ path: String, to trash: String) throws(Failure) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return !Files.exists(path) }
    defer { release(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
    try Files.rename(path, to: trash)
    return true
  }

  /// Unlocks first, since a child between its fork and its exec has a copy of the descriptor, which would keep the lock.
  private static func release(_ descriptor: Int32) {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Whether the path still names the file or folder that the descriptor is open on.
  static func isOpen(_ path: String, as descriptor: Int32) -> Bool {
    var (named, opened) = (stat(), stat())
    return stat(path, &named) == 0 && fstat(descriptor, &opened) == 0 && named.st_dev == opened.st_dev
      && named.st_ino == opened.st_ino
  }
}
