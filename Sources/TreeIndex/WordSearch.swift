import CSource
public import Diagnostics
public import Git
import Support
import PatchSeries

/// Finds the C sources and headers of a tree that name any of some words.
///
/// For one question this is a third of the work of an index, which answers any.
public struct WordSearch: Sendable {
  private let words: [String]

  public init(_ words: [String]) { self.words = words }

  /// What a C compiler reads, but for assembly.
  private static let suffixes = [".c", ".h"]
  /// How many files a task reads.
  private static let share = 500

  /// The paths of the files in git's order.
  ///
  /// - Throws: `Failure(.input)` when an object of the tree cannot be read; `Failure(.interrupted)`.
  public nonisolated(nonsending) func paths(
    in tree: ObjectID, of repository: Repository
  ) async throws(Failure) -> [String] {
    var files: [(path: String, id: ObjectID)] = []
    try repository.walk(tree) { (path, entry) throws(Failure) in
      if entry.mode.isFile, Self.suffixes.contains(where: path.hasSuffix) { files.append((path, entry.id)) }
    }
    let shares = stride(from: 0, to: files.count, by: Self.share).map { Array(files[$0...].prefix(Self.share)) }
    let path = repository.path
    let found = try await concurrently(shares) { (files) throws(Failure) in
      // A repository belongs to one task.
      try self.paths(among: files, in: try Repository(opening: path))
    }
    return found.flatMap(\.self)
  }

  private func paths(
    among files: [(path: String, id: ObjectID)], in repository: Repository
  ) throws(Failure) -> [String] {
    var paths: [String] = []
    for (path, id) in files {
      if Task.isCancelled { throw Failure(.interrupted, "interrupted") }
      let isNamed = try repository.withBlob(id) { (bytes) throws(Failure) in
        words.contains { !WordPositions.of($0, in: bytes).isEmpty }
      }
      if isNamed { paths.append(path) }
    }
    return paths
  }
}
