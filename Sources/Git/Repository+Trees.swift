import CLibgit2
public import Diagnostics
public import PatchSeries

/// An entry of a tree: a file, symlink, submodule or directory.
public struct TreeEntry: Hashable, Sendable {
  /// The name in its directory, without a slash.
  public var name: String
  /// The id of the blob, of a directory's tree or of a submodule's commit.
  public var id: ObjectID
  /// The mode, which also tells the kind of entry.
  public var mode: FileMode

  /// Pairs a name with an object and its mode.
  public init(name: String, id: ObjectID, mode: FileMode) {
    (self.name, self.id, self.mode) = (name, id, mode)
  }
}

extension Repository {
  /// The entries of a tree, in git's order.
  ///
  /// - Throws: `Failure(.input)` when the tree is missing or damaged.
  public func entries(of tree: ObjectID) throws(Failure) -> [TreeEntry] {
    let handle = try lookUp(tree: tree)
    var entries: [TreeEntry] = []
    for index in 0..<git_tree_entrycount(handle.pointer) {
      guard let entry = Self.entry(git_tree_entry_byindex(handle.pointer, index)) else { throw damaged(tree) }
      entries.append(entry)
    }
    return entries
  }

  /// The entry at a path like `drivers/iommu/iommu.c`; nil if there is none. Its `name` is the path's last component.
  public func entry(at path: String, in tree: ObjectID) throws(Failure) -> TreeEntry? {
    let handle = try lookUp(tree: tree)
    var pointer: OpaquePointer?
    let code = git_tree_entry_bypath(&pointer, handle.pointer, path)
    if code == GIT_ENOTFOUND.rawValue { return nil }
    try check(code) { "cannot look up '\(path)' in the tree \(tree) of '\(self.path)'" }
    defer { git_tree_entry_free(pointer) }
    guard let entry = Self.entry(pointer) else { throw damaged(tree) }
    return entry
  }

  /// The bytes of the file at `path`; nil if there is none. A symlink's bytes are the path it points to.
  public func contents(of path: String, in tree: ObjectID) throws(Failure) -> [UInt8]? {
    try fileID(at: path, in: tree).map { (id) throws(Failure) in try blob(id) }
  }

  /// The blob of the file or symlink at `path`; nil if there is none.
  func fileID(at path: String, in tree: ObjectID) throws(Failure) -> ObjectID? {
    try file(at: path, in: tree)?.id
  }

  /// The file or symlink at `path`; nil if there is none.
  public func file(at path: String, in tree: ObjectID) throws(Failure) -> TreeEntry? {
    guard let entry = try entry(at: path, in: tree), entry.mode.isFile || entry.mode == .symlink else { return nil }
    return entry
  }

  /// Whether a walk enters a directory.
  public enum Descent: Sendable {
    /// Visit the directory's entries next.
    case enter
    /// Leave out the directory and everything below it.
    case skip
  }

  /// Visits everything below a tree in git's order, with paths from the tree's root.
  ///
  /// - Parameters:
  ///   - directory: called for each directory, so that a subtree known by its id can be skipped.
  ///   - file: called for all other entries: files, symlinks and submodules.
  public func walk(
    _ tree: ObjectID,
    directory: (_ path: String, _ id: ObjectID) throws(Failure) -> Descent = { (_, _) throws(Failure) in .enter },
    file: (_ path: String, _ entry: TreeEntry) throws(Failure) -> Void
  ) throws(Failure) {
    try walk(tree, under: "", directory, file)
  }

  private func walk(
    _ tree: ObjectID, under prefix: String, _ directory: (String, ObjectID) throws(Failure) -> Descent,
    _ file: (String, TreeEntry) throws(Failure) -> Void
  ) throws(Failure) {
    for entry in try entries(of: tree) {
      let path = prefix + entry.name
      if entry.mode != .directory {
        try file(path, entry)
      } else if try directory(path, entry.id) == .enter {
        try walk(entry.id, under: path + "/", directory, file)
      }
    }
  }

  func lookUp(tree id: ObjectID) throws(Failure) -> Handle {
    var oid = id.oid
    var pointer: OpaquePointer?
    let code = git_tree_lookup(&pointer, self.pointer, &oid)
    guard code == 0, let tree = Handle(pointer, free: git_tree_free) else {
      throw Failure(
        .input, "cannot read the tree \(id) of '\(path)'",
        notes: [lastError(code), "run `git fsck` to see whether it is damaged"])
    }
    return tree
  }

  private func damaged(_ tree: ObjectID) -> Failure {
    Failure(.input, "tree \(tree) of '\(path)' is damaged", notes: ["run `git fsck` to see what is wrong"])
  }

  /// Returns nil for an entry that git would not write: a checkout of it could write outside its folder.
  private static func entry(_ pointer: OpaquePointer?) -> TreeEntry? {
    guard let pointer, let name = git_tree_entry_name(pointer), let id = git_tree_entry_id(pointer),
      let mode = FileMode(stored: Int32(bitPattern: git_tree_entry_filemode_raw(pointer).rawValue))
    else { return nil }
    let text = String(cString: name)
    guard TreePath.isName(Array(text.utf8)[...]) else { return nil }
    return TreeEntry(name: text, id: ObjectID(id.pointee), mode: mode)
  }
}
