import Foundation

/// The mode, times and contents of every file and folder in a folder, so that any change shows.
///
/// A folder's modification time shows files that came and went. A status change time shows what was written, linked, or
/// given other times or permissions. Only reading leaves no trace.
struct Inventory: Equatable {
  private var entries: [String: String] = [:]

  init(of folder: String) throws {
    entries["."] = try Self.entry(folder)
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      entries[name] = try Self.entry("\(folder)/\(name)")
    }
  }

  /// The entries that are new, missing or changed since an earlier inventory, sorted.
  func differences(from earlier: Inventory) -> [String] {
    Set(entries.keys).union(earlier.entries.keys).filter { entries[$0] != earlier.entries[$0] }.sorted()
  }

  private static func entry(_ path: String) throws -> String {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    let contents =
      switch status.st_mode & S_IFMT {
      case S_IFREG: FileManager.default.contents(atPath: path)?.base64EncodedString() ?? "unreadable"
      case S_IFLNK: try FileManager.default.destinationOfSymbolicLink(atPath: path)
      default: ""
      }
    let times = [status.st_mtim, status.st_ctim].map { "\($0.tv_sec).\($0.tv_nsec)" }
    return "\(status.st_ino) \(status.st_nlink) \(status.st_mode) \(times) \(contents)"
  }
}
