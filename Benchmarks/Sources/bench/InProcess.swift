import Foundation
import Git

/// What is timed without the start of a process: parts of the work, by the library that does it.
enum InProcess {
  /// Seconds to open a repository and read files of its newest commit, which is what any program has to do that works on
  /// them.
  static func read(_ files: Set<String>, of path: String) throws -> Double {
    let start = ContinuousClock.now
    let repository = try Repository(opening: path)
    let tree = try repository.resolve("HEAD").tree
    for file in files.sorted() {
      guard let entry = try repository.entry(at: file, in: tree) else { continue }
      try repository.withBlob(entry.id) { _ in }
    }
    return (ContinuousClock.now - start) / .seconds(1)
  }

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
