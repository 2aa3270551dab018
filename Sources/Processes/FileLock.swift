public import Diagnostics
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An exclusive lock between processes and tasks, held on a file or folder for as long as the value lives.
///
/// The kernel releases it when its holder dies, however it dies, so there are no stale locks.
public struct FileLock: ~Copyable, Sendable {
  private let descriptor: Int32

  deinit {
    // A process that is being started has the descriptor, too, until it is another program: closing ours alone would
    // leave the lock with it.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Waits until the lock on the file or folder at `path` is ours. Where it is missing, a file is created.
  ///
  /// - Parameter waiting: called once when someone else holds it.
  /// - Throws: `Failure(.unavailable)` when the file cannot be opened; `Failure(.interrupted)` when the task is
  ///   cancelled while it waits.
  public static func acquire(_ path: String, waiting: () -> Void = {}) async throws(Failure) -> FileLock {
    var announced = false
    while true {
      if let lock = try tryAcquire(path) { return lock }
      if !announced { waiting() }
      announced = true
      do { try await Task.sleep(for: .milliseconds(100)) } catch { throw Failure(.interrupted, "interrupted") }
    }
  }

  /// The lock, or nil when someone else holds it.
  ///
  /// - Throws: `Failure(.unavailable)` when the file cannot be opened.
  public static func tryAcquire(_ path: String) throws(Failure) -> FileLock? {
    while true {
      let lock = FileLock(descriptor: try open(path))
      guard try lock.take(path) else { return nil }
      // Its holder may have removed the file after we opened it: then the next one would meet another.
      if FileUse.isOpen(path, as: lock.descriptor) { return lock }
    }
  }

  private static func open(_ path: String) throws(Failure) -> Int32 {
    var descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    if descriptor < 0, errno == EISDIR { descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else {
      throw Failure(.unavailable, "cannot open the lock file \(path): \(Errno(rawValue: errno))")
    }
    return descriptor
  }

  private func take(_ path: String) throws(Failure) -> Bool {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
    guard errno == EWOULDBLOCK || errno == EINTR else {
      throw Failure(.unavailable, "cannot lock \(path): \(Errno(rawValue: errno))")
    }
    return false
  }
}
