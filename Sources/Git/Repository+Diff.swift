public import Diagnostics
import PatchSeries

extension Repository {
  /// The diff between two trees, byte for byte as `git format-patch --abbrev=12` prints it.
  ///
  /// That is: three lines of context, git's default algorithm with the indent heuristic, renames detected, and hunk
  /// headings by the `diff` attribute in the new tree's `.gitattributes`.
  public func diff(from old: ObjectID, to new: ObjectID) throws(Failure) -> Diff {
    var diff = Diff(text: [], files: [])
    let attributes = Attributes(self, tree: new)
    var headings: [String?: HunkHeadings] = [:]
    for change in try changes(from: old, to: new) {
      let attribute = (
        old: try attributes.diff(of: change.oldPath ?? change.path), new: try attributes.diff(of: change.path)
      )
      let driver = attribute.old.driver ?? attribute.new.driver
      let finder = headings[driver] ?? HunkHeadings(driver: driver)
      headings[driver] = finder
      let before = try contents(of: change.oldID, mode: change.oldMode)
      let after = try contents(of: change.newID, mode: change.newMode)
      let binary = attribute.old.isBinary(before) || attribute.new.isBinary(after)
      var writer = FileDiffWriter(change, before: before, after: after, binary: binary, headings: finder)
      diff.files.append(try writer.write())
      diff.text += writer.text
    }
    return diff
  }

  /// What a diff shows of an object: a submodule as a line that names its commit.
  private func contents(of id: ObjectID?, mode: FileMode?) throws(Failure) -> [UInt8] {
    guard let id else { return [] }
    if mode == .submodule { return Array("Subproject commit \(id)\n".utf8) }
    return try blob(id)
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
