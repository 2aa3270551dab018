import Diagnostics
import Git
import Kbuild
import PatchSeries
import Support

/// A checkout that moves from state to state, for programs that read a whole tree.
///
/// Files shared with the base's checkout are links to it. A program that writes to the tree must not write in place.
struct WorkTree {
  let directory: String
  private let repository: Repository
  /// The trees of the states, the base first.
  private let trees: [ObjectID]
  private var state = 0

  init(base: BaseTree, states: [SeriesState], of repository: Repository, in directory: String) throws(Failure) {
    self.directory = directory
    self.repository = repository
    trees = ([base.id] + states.map(\.tree)).compactMap(ObjectID.init(hex:))
    try repository.checkout(tree: trees[0], into: directory, sharing: (tree: trees[0], directory: base.directory))
  }

  /// Changes the files that differ at a state; 0 is the base.
  ///
  /// - Parameter paths: files to write anew even if they do not differ, so that make builds what depends on them again and
  ///   repeats its warnings.
  mutating func move(to state: Int, renewing paths: [String]) throws(Failure) -> SourceTree {
    let changes = try repository.changes(from: trees[self.state], to: trees[state], findsRenames: false)
    // A folder may take the place of a file.
    for change in changes where change.newID == nil { try Files.remove("\(directory)/\(change.path)") }
    for change in changes {
      guard let id = change.newID, let mode = change.newMode else { continue }
      let name = String(change.path.split(separator: "/").last ?? "")
      try repository.mend(TreeEntry(name: name, id: id, mode: mode), at: "\(directory)/\(change.path)")
    }
    for path in paths {
      guard let entry = try repository.file(at: path, in: trees[state]), entry.mode.isFile else { continue }
      // The file may be a link to the base's checkout, whose time must stay.
      try Files.remove("\(directory)/\(path)")
      try repository.mend(entry, at: "\(directory)/\(path)")
    }
    self.state = state
    return SourceTree(path: directory, tree: trees[state].hex)
  }
}
