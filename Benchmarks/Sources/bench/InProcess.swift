import Foundation
import Git

/// What is timed without the start of a process: parts of the work, by the library that does it.
enum InProcess {
  /// Seconds to open a repository and apply patches to its newest commit, one after the other.
  static func apply(_ patches: [String], to path: String) throws -> Double {
    let start = ContinuousClock.now
    let repository = try Repository(opening: path)
    var tree = try repository.resolve("HEAD").tree
    for patch in patches {
      let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: patch)))
      tree = try repository.apply(bytes, to: tree, name: patch)
    }
    return (ContinuousClock.now - start) / .seconds(1)
  }
}
