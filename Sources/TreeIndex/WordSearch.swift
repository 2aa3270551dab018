public import Diagnostics
public import Git
import PatchSeries

/// Finds the C sources and headers of a tree that name any of some words.
///
/// For one question this is a third of the work of an index, which answers any.
public struct WordSearch: Sendable {
  private let word: AnyWord

  public init(_ words: some Collection<String>) { word = AnyWord(words) }

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
    typealias Part = (number: Int, paths: Result<[String], Failure>)
    let path = repository.path
    let outcome = await withTaskGroup(of: Part.self) { group in
      var (count, files) = (0, [(path: String, id: ObjectID)]())
      func search() {
        group.addTask { [number = count, files] in
          do throws(Failure) {
            // A repository belongs to one task.
            return (number, .success(try self.paths(among: files, in: try Repository(opening: path))))
          } catch {
            return (number, .failure(error))
          }
        }
        count += 1
        files = []
      }
      do throws(Failure) {
        try repository.walk(tree) { (path, entry) throws(Failure) in
          guard entry.mode.isFile, Self.suffixes.contains(where: path.hasSuffix) else { return }
          files.append((path, entry.id))
          if files.count == Self.share { search() }
        }
        search()
        var parts: [Int: [String]] = [:]
        for await part in group { parts[part.number] = try part.paths.get() }
        return Result<[String], Failure>.success(parts.sorted { $0.key < $1.key }.flatMap(\.value))
      } catch {
        group.cancelAll()
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  private func paths(
    among files: [(path: String, id: ObjectID)], in repository: Repository
  ) throws(Failure) -> [String] {
    var paths: [String] = []
    for (path, id) in files {
      if Task.isCancelled { throw Failure(.interrupted, "interrupted") }
      if try repository.withBlob(id, { (bytes) throws(Failure) in word.isNamed(in: bytes) }) { paths.append(path) }
    }
    return paths
  }
}
