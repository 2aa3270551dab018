import Foundation
import Git

/// Times parts of the work in this process, without the cost of starting one.
enum InProcess {
  /// The seconds to open a repository and apply patches to its HEAD, one after the other.
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
