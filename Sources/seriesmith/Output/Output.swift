import Diagnostics
import Foundation

/// Writes a command's results.
enum Output {
  /// Writes a file all or nothing; `-` is standard output.
  static func write(_ data: Data, to path: String) throws(Failure) {
    if path == "-" {
      FileHandle.standardOutput.write(data)
      return
    }
    do {
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw Failure(.unavailable, at: Place(path), "cannot be written", notes: [error.localizedDescription])
    }
  }
}
