public import Diagnostics
import Support
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What this process uses of a cache, so that whoever prunes it knows what was used when and what is used now.
public enum FileUse {
  /// By path, a descriptor with a shared lock on the file or folder.
  private static let held = Mutex<[String: Int32]>([:])

  /// Notes that the file or folder is used now, and keeps it from `removeUnused` until this process ends.
  ///
  /// - Returns: whether it is there.
  @discardableResult
  public static func begin(_ path: String) -> Bool {
    held.withLock { held in
      if let descriptor = held[path], isOpen(path, as: descriptor) {
        futimens(descriptor, nil)
        return true
      }
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return false }
      // Only a removal holds the lock alone, and for no longer than a rename takes.
      while flock(descriptor, LOCK_SH) != 0, errno == EINTR {}
      guard isOpen(path, as: descriptor) else {
        close(descriptor)
        return false
      }
      futimens(descriptor, nil)
      if let old = held.updateValue(descriptor, forKey: path) { close(old) }
      return true
    }
  }

  /// This process has no more use for it.
  public static func end(_ path: String) {
    if let descriptor = held.withLock({ $0.removeValue(forKey: path) }) { close(descriptor) }
  }

  /// Moves the file or folder away at once, unless a process uses it.
  ///
  /// - Parameter trash: the path to move it to, on the same file system.
  /// - Returns: whether it is gone.
  /// - Throws: `Failure(.unavailable)` when it cannot be moved.
  public static func removeUnused(_ path: String, to trash: String) throws(Failure) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return !Files.exists(path) }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
    try Files.rename(path, to: trash)
    return true
  }

  /// Whether the path still names what the descriptor was opened on.
  static func isOpen(_ path: String, as descriptor: Int32) -> Bool {
    var (named, opened) = (stat(), stat())
    return stat(path, &named) == 0 && fstat(descriptor, &opened) == 0 && named.st_dev == opened.st_dev
      && named.st_ino == opened.st_ino
  }
}
