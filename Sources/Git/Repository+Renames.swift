import Diagnostics
import PatchSeries

extension Repository {
  /// Turns pairs of a deleted and an added file into renames.
  func detectRenames(_ changes: [Change]) throws(Failure) -> [Change] {
    // A file that becomes a symlink is both, under one path, and takes no part.
    let paths = Dictionary(grouping: changes, by: \.path).mapValues(\.count)
    func candidates(_ status: FileStatus) -> [Change] { changes.filter { $0.status == status && paths[$0.path] == 1 } }
    var detection = RenameDetection(self, sources: candidates(.deleted), targets: candidates(.added))
    let renames = try detection.detect()
    guard !renames.isEmpty else { return changes }
    let byTarget = Dictionary(renames.map { ($0.path, $0) }) { first, _ in first }
    let sources = Set(renames.compactMap(\.oldPath))
    return changes.compactMap { change in
      if change.status == .deleted, sources.contains(change.path) { return nil }
      return change.status == .added ? byTarget[change.path] ?? change : change
    }
  }
}
