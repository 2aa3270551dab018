import Diagnostics
import Foundation
import Generation
import Git
import Kernels
import TreeIndex

/// The kernel tree of a commit, read from git objects.
struct GitTree: KernelTree {
  let repository: Repository
  let tree: ObjectID
  let index: TreeIndex

  /// A tree with its index, which is made where it is not in the cache yet.
  nonisolated(nonsending) init(
    _ tree: ObjectID, of repository: Repository, progress: Progress
  ) async throws(Failure) {
    self.repository = repository
    self.tree = tree
    index = try await TreeIndex.of(
      tree, in: repository, keptIn: Cache.user.folder("indexes"), jobs: ProcessInfo.processInfo.activeProcessorCount,
      progress: progress)
  }

  func contents(of path: String) throws(Failure) -> [UInt8]? {
    try repository.contents(of: path, in: tree)
  }

  func paths(containing words: [String]) throws(Failure) -> [String] {
    Set(index.paths(naming: words).values.joined()).filter { $0.hasSuffix(".c") || $0.hasSuffix(".h") }.sorted()
  }
}
