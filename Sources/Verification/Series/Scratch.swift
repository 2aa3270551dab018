public import Diagnostics
import FoundationEssentials
import Glibc
import Processes
import Support

/// A folder of the cache that belongs to one run and is removed with it.
///
/// A killed run leaves its folder behind, but its lock is free, which tells the next run to remove the folder.
///
/// When the cache is not writable, the folder is made among the temporary files, so that a run can still use what the
/// cache holds.
public struct Scratch: ~Copyable {
  /// The path of the folder, which is empty at first.
  public let path: String
  private let lock: FileLock

  /// Makes the folder, and removes those that killed runs left behind.
  public static func make(in cache: String) async throws(Failure) -> Scratch {
    let temporary = FileManager.default.temporaryDirectory.path
    let folder = isClosed(cache) ? "\(temporary)/seriesmith-\(geteuid())" : "\(cache)/scratch"
    try Files.makeFolder(folder)
    // A run killed inside this function may have left its lock alone.
    for name in Set(Files.names(in: folder).map { $0.hasSuffix(".lock") ? String($0.dropLast(5)) : $0 }) {
      guard let lock = try FileLock.tryAcquire("\(folder)/\(name).lock") else { continue }
      try Files.remove("\(folder)/\(name)")
      try Files.remove("\(folder)/\(name).lock")
      _ = consume lock
    }
    let path = "\(folder)/\(UUID().uuidString)"
    // Take the lock first, so that no other run mistakes the folder for one left behind.
    let lock = try await FileLock.acquire("\(path).lock")
    try Files.makeFolder(path)
    return Scratch(path: path, lock: lock)
  }

  private static func isClosed(_ folder: String) -> Bool { access(folder, W_OK) != 0 && errno != ENOENT }

  deinit {
    try? Files.remove(path)
    try? Files.remove("\(path).lock")
  }
}
