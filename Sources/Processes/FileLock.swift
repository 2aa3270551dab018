public import Diagnostics
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An exclusive lock on a file or folder, between processes and tasks, held as long as the value lives.
///
/// The kernel releases the lock when its holder dies in any way, so there are no stale locks.
public struct FileLock: ~Copyable, Sendable {
  private let descriptor: Int32

  deinit {
    // A child that is being started holds the descriptor, too, until it calls exec: closing ours alone would leave the
    // child with the lock.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Waits for the lock on the file or folder at `path`; creates a file if there is neither.
  ///
  /// - Parameters:
  ///   - use: what another process that holds the lock is doing: "using the lane arm64".
  ///   - progress: gets the wait for another process as a step.
  /// - Throws: `Failure(.unavailable)` when the file cannot be opened; `Failure(.interrupted)` when the task is
  ///   cancelled while it waits.
  public static func acquire(
    _ path: String, against use: String = "using it", progress: Progress = .silent
  ) async throws(Failure) -> FileLock {
    let start = ContinuousClock.now
    var (attempts, wait, outcome) = (0, String?.none, String?.some("interrupted"))
    defer {
      if let wait { progress.report(.ended(wait, outcome: outcome, seconds: (ContinuousClock.now - start).seconds)) }
    }
    while true {
      if let lock = try tryAcquire(path) {
        outcome = nil
        return lock
      }
      attempts += 1
      // A moment is not worth a word, and another task of this process has a step of its own.
      if wait == nil, attempts > 1, let holder = LockHolder(of: path), !holder.isThisProcess {
        let step = "Waiting for \(holder), which is \(use)"
        wait = step
        progress.report(.began(step))
      }
      do { try await Task.sleep(for: .milliseconds(100)) } catch { throw Failure(.interrupted, "interrupted") }
    }
  }

  /// The lock, or nil if it is held elsewhere.
  ///
  /// - Throws: `Failure(.unavailable)` when the file cannot be opened.
  public static func tryAcquire(_ path: String) throws(Failure) -> FileLock? {
    while true {
      let lock = FileLock(descriptor: try open(path))
      guard try lock.take(path) else { return nil }
      // Its last holder may have removed the file after we opened it, and the next process would lock a new one.
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
