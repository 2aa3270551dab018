public import Diagnostics
public import Git
import PatchSeries

extension SeriesSource {
  /// The series as commits: those of a range, or those `git am` would make of patches, in memory.
  ///
  /// - Parameter base: the commit that patches apply to; a range has its own.
  /// - Returns: the commit the series starts from, and its last commit.
  /// - Throws: `Failure(.falls)` when a patch does not apply.
  public nonisolated(nonsending) func commits(
    on base: Commit, in repository: Repository
  ) async throws(Failure) -> (base: ObjectID, tip: ObjectID) {
    switch self {
    case .commits(let commits):
      return (commits.first?.parent ?? base.id, commits.last?.commit ?? base.id)
    case .patches(let patches):
      var tree = base.tree
      var tip = base.id
      for source in patches {
        let patch = source.patch
        tree = try await source.applied(to: tree, in: repository).tree
        tip = try repository.writeCommit(
          tree: tree, parents: [tip], author: patch.author, committer: patch.author, message: patch.message)
      }
      return (base.id, tip)
    }
  }
}
