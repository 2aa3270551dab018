public import Diagnostics
import FoundationEssentials
import Glibc

/// A folder of its own among the temporary files, removed with its value. No other user may read it: a fix may still be
/// under embargo.
public struct TemporaryFolder: ~Copyable {
  /// The folder's path.
  public let path: String

  /// Makes the folder, which is empty.
  ///
  /// - Throws: `Failure(.unavailable)` with the system's reason.
  public init() throws(Failure) {
    // mkdtemp replaces the six X.
    var template = Array("\(FileManager.default.temporaryDirectory.path)/seriesmith-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else {
      throw Failure(.unavailable, "cannot create a temporary folder", notes: [String(cString: strerror(errno))])
    }
    path = String(cString: made)
  }

  deinit { try? Files.remove(path) }
}
