public import Diagnostics
import PatchSeries

/// Diffs between trees of a repository. What two of them have in common is compared once.
public struct Differ {
  private let repository: Repository
  private var headings: [String?: HunkHeadings] = [:]
  private var known: [Comparison: FileDiff] = [:]

  /// A changed file, as its attributes say that it is to be shown.
  private struct Comparison: Hashable {
    var change: Change
    var old: Attributes.DiffAttribute
    var new: Attributes.DiffAttribute
  }

  private struct FileDiff {
    var text: [UInt8]
    var stat: FileStat
  }

  public init(_ repository: Repository) {
    self.repository = repository
  }

  /// The diff between two trees, byte for byte as `git format-patch --abbrev=12` prints it.
  ///
  /// That is: three lines of context, git's default algorithm with the indent heuristic, renames detected, and hunk
  /// headings by the `diff` attribute in the new tree's `.gitattributes`.
  public mutating func diff(from old: ObjectID, to new: ObjectID) throws(Failure) -> Diff {
    var diff = Diff(text: [], files: [])
    let attributes = Attributes(repository, tree: new)
    for change in try repository.changes(from: old, to: new) {
      let comparison = Comparison(
        change: change, old: try attributes.diff(of: change.oldPath ?? change.path),
        new: try attributes.diff(of: change.path))
      let file: FileDiff
      if let same = known[comparison] { file = same } else { file = try compare(comparison) }
      known[comparison] = file
      diff.files.append(file.stat)
      diff.text += file.text
    }
    return diff
  }

  private mutating func compare(_ comparison: Comparison) throws(Failure) -> FileDiff {
    let change = comparison.change
    let before = try contents(of: change.oldID, mode: change.oldMode)
    let after = try contents(of: change.newID, mode: change.newMode)
    let binary = comparison.old.isBinary(before) || comparison.new.isBinary(after)
    let driver = comparison.old.driver ?? comparison.new.driver
    let finder = headings[driver] ?? HunkHeadings(driver: driver)
    headings[driver] = finder
    var writer = FileDiffWriter(change, before: before, after: after, binary: binary, headings: finder)
    let stat = try writer.write()
    return FileDiff(text: writer.text, stat: stat)
  }

  /// What a diff shows of an object: a submodule as a line that names its commit.
  private func contents(of id: ObjectID?, mode: FileMode?) throws(Failure) -> [UInt8] {
    guard let id else { return [] }
    if mode == .submodule { return Array("Subproject commit \(id)\n".utf8) }
    return try repository.blob(id)
  }
}

extension Repository {
  /// The diff between two trees; see `Differ`.
  public func diff(from old: ObjectID, to new: ObjectID) throws(Failure) -> Diff {
    var differ = Differ(self)
    return try differ.diff(from: old, to: new)
  }
}

extension Attributes.DiffAttribute {
  /// The driver, if it is one that finds headings.
  fileprivate var driver: String? {
    if case .driver(let name) = self, HunkHeadings.knows(name) { return name }
    return nil
  }

  /// Whether a file of these bytes is shown as binary: unless told, git looks for a zero byte in the first 8000.
  fileprivate func isBinary(_ bytes: [UInt8]) -> Bool {
    switch self {
    case .text: false
    case .binary: true
    case .unspecified, .driver: bytes.prefix(8000).contains(0)
    }
  }
}
