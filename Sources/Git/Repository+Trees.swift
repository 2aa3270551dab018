public import Diagnostics
import PatchSeries

extension Repository {
  /// The names directly in a tree, in git's order.
  public func entries(of tree: ObjectID) throws(Failure) -> [TreeEntry] {
    let object = try treeObject(tree)
    return object.entries.map {
      TreeEntry(name: String(decoding: object.name(of: $0), as: UTF8.self), id: $0.id, mode: $0.mode)
    }
  }

  /// The entry at a path like `drivers/iommu/iommu.c`, nil if there is none. Its `name` is the path's last component.
  public func entry(at path: String, in tree: ObjectID) throws(Failure) -> TreeEntry? {
    var tree = tree
    var components = path.utf8.split(separator: 0x2F)[...]
    while let component = components.popFirst() {
      guard let entry = try treeObject(tree)[component] else { return nil }
      if components.isEmpty { return TreeEntry(name: String(component) ?? "", id: entry.id, mode: entry.mode) }
      guard entry.mode == .directory else { return nil }
      tree = entry.id
    }
    return nil
  }

  /// The bytes of the file at `path`, nil if there is none. A symlink's bytes are the path it points to.
  public func contents(of path: String, in tree: ObjectID) throws(Failure) -> [UInt8]? {
    try fileID(at: path, in: tree).map { (id) throws(Failure) in try blob(id) }
  }

  /// The blob of the file or symlink at `path`, nil if there is none.
  func fileID(at path: String, in tree: ObjectID) throws(Failure) -> ObjectID? {
    guard let entry = try entry(at: path, in: tree), entry.mode.isFile || entry.mode == .symlink else { return nil }
    return entry.id
  }

  /// What to do with a directory that a walk comes to.
  public enum Descent: Sendable {
    case enter, skip
  }

  /// Visits everything under a tree in git's order, with paths from the tree's root.
  ///
  /// - Parameters:
  ///   - directory: is asked for each directory, so that a subtree that is known by its id can be skipped.
  ///   - file: gets everything else: files, symlinks and submodules.
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
    let object = try treeObject(tree)
    for entry in object.entries {
      let name = String(decoding: object.name(of: entry), as: UTF8.self)
      let path = prefix + name
      if entry.mode != .directory {
        try file(path, TreeEntry(name: name, id: entry.id, mode: entry.mode))
      } else if try directory(path, entry.id) == .enter {
        try walk(entry.id, under: path + "/", directory, file)
      }
    }
  }
}
