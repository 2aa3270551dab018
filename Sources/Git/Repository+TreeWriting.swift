import CLibgit2
public import Diagnostics
import Glibc
public import PatchSeries

extension Repository {
  /// A file to put into a tree: its blob, and its mode, or nil to keep the present one.
  public struct FileEdit: Hashable, Sendable {
    var id: ObjectID
    var mode: FileMode?

    /// A file's new blob and mode.
    public init(id: ObjectID, mode: FileMode? = nil) { (self.id, self.mode) = (id, mode) }
  }

  /// Writes a copy of `tree` with some files changed, and returns its id. The new tree exists in this instance only.
  ///
  /// - Parameter files: the new bytes by path; nil deletes the file. A file keeps its mode; a new file gets 100644. Folders
  ///   appear and disappear with their files.
  /// - Throws: `Failure(.input)` for a path that git does not allow, or when a file to delete is missing.
  public func writeTree(changing files: [String: [UInt8]?], over tree: ObjectID) throws(Failure) -> ObjectID {
    var edits: [String: FileEdit?] = [:]
    for (path, bytes) in files {
      edits[path] = .some(try bytes.map { (bytes) throws(Failure) in FileEdit(id: try writeBlob(bytes)) })
    }
    return try writeTree(editing: edits, over: tree)
  }

  /// Writes one tree per step, each a copy of the previous one with some files changed; see `writeTree(changing:over:)`.
  public func writeTrees(changing steps: [[String: [UInt8]?]], over tree: ObjectID) throws(Failure) -> [ObjectID] {
    var trees: [ObjectID] = []
    for files in steps { trees.append(try writeTree(changing: files, over: trees.last ?? tree)) }
    return trees
  }

  /// Writes a copy of `tree` with some files changed, like `writeTree(changing:over:)`.
  ///
  /// - Parameter files: the new blob and mode by path; nil deletes the file.
  public func writeTree(editing files: [String: FileEdit?], over tree: ObjectID) throws(Failure) -> ObjectID {
    var removed: [TreeUpdate] = []
    var written: [TreeUpdate] = []
    for (path, edit) in files {
      if let problem = TreePath.problem(path) { throw Failure(.input, "cannot write '\(path)', \(problem)") }
      let existing = try entry(at: path, in: tree).flatMap { $0.mode == .directory ? nil : $0 }
      let remove = TreeUpdate(path: path)
      guard let edit else {
        guard existing != nil else { throw Failure(.input, "cannot delete '\(path)': the tree has no such file") }
        removed.append(remove)
        continue
      }
      if existing?.mode == .submodule { removed.append(remove) }
      written.append(TreeUpdate(path: path, id: edit.id, mode: edit.mode ?? existing?.mode ?? .regular))
    }
    // libgit2 refuses to replace a folder by a file, or the reverse, even if the same call removes the old one.
    return try update(try update(tree, removed), written)
  }

  private struct TreeUpdate {
    var path: String
    var id: ObjectID?
    var mode = FileMode.regular
  }

  private func update(_ tree: ObjectID, _ updates: [TreeUpdate]) throws(Failure) -> ObjectID {
    guard !updates.isEmpty else { return tree }
    let baseline = try lookUp(tree: tree)
    let paths = updates.map { strdup($0.path) }
    defer { for path in paths { free(path) } }
    let entries = zip(updates, paths).map { update, path in
      git_tree_update(
        action: update.id == nil ? GIT_TREE_UPDATE_REMOVE : GIT_TREE_UPDATE_UPSERT, id: (update.id ?? .zero).oid,
        filemode: git_filemode_t(UInt32(update.mode.rawValue)), path: UnsafePointer(path))
    }
    var id = git_oid()
    try check(git_tree_create_updated(&id, pointer, baseline.pointer, entries.count, entries)) {
      "cannot change the tree \(tree) of '\(path)'"
    }
    return ObjectID(id)
  }
}
