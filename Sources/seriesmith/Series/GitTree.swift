import Diagnostics
import Generation
import Git
import Kernels
import TreeIndex

/// The kernel tree of a commit, read from git objects.
struct GitTree: KernelTree {
  let repository: Repository
  let tree: ObjectID
  private let words: [String]
  private let naming: [String]

  /// Finds the tree's C sources and headers that contain any of the words. Reads the tree only if no earlier run has
  /// looked for the same words.
  nonisolated(nonsending) init(
    _ tree: ObjectID, of repository: Repository, naming words: [String], progress: Progress
  ) async throws(Failure) {
    self.repository = repository
    self.tree = tree
    self.words = words
    naming = try await KeptAnswers.user.answer(["files naming", tree.hex] + words) { () async throws(Failure) in
      if let index = TreeIndex.kept(of: tree, in: Cache.user.folder("indexes")) {
        return Set(index.paths(naming: words).values.joined()).filter { $0.hasSuffix(".c") || $0.hasSuffix(".h") }
          .sorted()
      }
      return try await progress.step("Reading the tree", outcome: { $0.count.counted("file", "files") + " to look at" })
      {
        () async throws(Failure) in try await WordSearch(words).paths(in: tree, of: repository)
      }
    }
  }

  func contents(of path: String) throws(Failure) -> [UInt8]? {
    try repository.contents(of: path, in: tree)
  }

  func paths(containing words: [String]) throws(Failure) -> [String] {
    precondition(words == self.words, "a tree answers only for the words it was made with")
    return naming
  }
}
