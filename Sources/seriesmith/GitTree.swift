import Diagnostics
import Generation
import Git
import Kernels

/// The kernel tree of a commit, read from git objects.
struct GitTree: KernelTree {
  let repository: Repository
  let tree: ObjectID

  func contents(of path: String) throws(Failure) -> [UInt8]? {
    try repository.contents(of: path, in: tree)
  }

  func paths(containing words: [String]) throws(Failure) -> [String] {
    try Self.paths(containing: words, in: tree, of: repository)
  }

  /// What `paths(containing:)` gives, remembered for the next time.
  @discardableResult
  static func paths(
    containing words: [String], in tree: ObjectID, of repository: Repository
  ) throws(Failure) -> [String] {
    try WordIndex(words: words, rememberedIn: Cache.user.folder("words")).paths(in: tree, of: repository)
  }
}
