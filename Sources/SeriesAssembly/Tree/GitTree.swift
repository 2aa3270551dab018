public import Diagnostics
public import Generation
public import Git
public import Kernels
import TreeIndex

/// The kernel tree of a commit, read from git objects.
public struct GitTree: KernelTree {
  private let repository: Repository
  private let tree: ObjectID
  private let words: [String]
  private let naming: [String]

  /// Finds the tree's C sources and headers that contain any of the words. Reads the tree only if no earlier run has
  /// looked for the same words.
  ///
  /// - Throws: `Failure(.input)` for a tree that is no kernel's.
  public nonisolated(nonsending) init(
    _ tree: ObjectID, of repository: Repository, naming words: [String], cache: Cache, progress: Progress
  ) async throws(Failure) {
    self.repository = repository
    self.tree = tree
    self.words = words
    var isKernel = false
    for path in Self.marks where !isKernel { isKernel = try repository.entry(at: path, in: tree) != nil }
    guard isKernel else {
      throw Failure(
        .input, "'\(repository.path)' holds no kernel: its tree \(tree.abbreviated()) has no \(Self.marks[0])",
        notes: ["name a kernel's repository with --tree, and a commit of it with --base"])
    }
    naming = try await KeptAnswers(in: cache).answer(["files naming", tree.hex] + words) { () async throws(Failure) in
      if let index = TreeIndex.kept(of: tree, in: cache.folder("indexes")) {
        return Set(index.paths(naming: words).values.joined()).filter { $0.hasSuffix(".c") || $0.hasSuffix(".h") }
          .sorted()
      }
      return try await progress.step("Reading the tree", outcome: { $0.count.counted("file") + " to look at" }) {
        () async throws(Failure) in try await WordSearch(words).paths(in: tree, of: repository)
      }
    }
  }

  /// Files that the top of every kernel has, since 2.6.
  private static let marks = ["Kbuild", "Kconfig", "MAINTAINERS"]

  /// The bytes of a file; nil if the tree has none at this path.
  public func contents(of path: String) throws(Failure) -> [UInt8]? {
    try repository.contents(of: path, in: tree)
  }

  /// The paths of the sources and headers that contain any of the words.
  ///
  /// - Precondition: `words` are those that the tree was made with.
  public func paths(containing words: [String]) throws(Failure) -> [String] {
    precondition(words == self.words, "a tree answers only for the words it was made with")
    return naming
  }
}
