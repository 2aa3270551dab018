public import Diagnostics
import FoundationEssentials
import Glibc
import Processes
import Support

/// A folder of the cache that belongs to one run and goes with it.
///
/// A run that was killed leaves its folder. The lock that it held is free then, which tells the next run to remove it.
///
/// Where the cache cannot be written to, the folder is one for temporary files: what the cache knows can be had there,
/// too.
public struct Scratch: ~Copyable {
  public let path: String
  private let lock: FileLock

  /// Makes the folder, and removes those of runs that are no more.
  public static func make(in cache: String) async throws(Failure) -> Scratch {
    let temporary = FileManager.default.temporaryDirectory.path
    let folder = isClosed(cache) ? "\(temporary)/seriesmith-\(geteuid())" : "\(cache)/scratch"
    try Files.makeFolder(folder)
    // Of a run that was killed in here there may be the lock alone.
    for name in Set(Files.names(in: folder).map { $0.hasSuffix(".lock") ? String($0.dropLast(5)) : $0 }) {
      guard let lock = try FileLock.tryAcquire("\(folder)/\(name).lock") else { continue }
      try Files.remove("\(folder)/\(name)")
      try Files.remove("\(folder)/\(name).lock")
      _ = consume lock
    }
    let path = "\(folder)/\(UUID().uuidString)"
    // The lock comes first, so that no other run takes the folder for an old one.
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
