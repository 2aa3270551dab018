import CLibgit2
public import Diagnostics
import Parallelism
public import PatchSeries

extension Repository {
  /// A file to be put into a tree: its bytes, and a mode where it is not to keep the one it has.
  struct FileEdit: Sendable {
    var bytes: [UInt8]
    var mode: FileMode?
  }

  /// Writes a tree like `tree` with some files changed, and returns its id. It exists in this instance only.
  ///
  /// - Parameter files: the new bytes by path. A file keeps its mode; a new one is 100644; nil deletes, and is a
  ///   failure where there is nothing to delete. Folders come and go with the files in them.
  public func writeTree(changing files: [String: [UInt8]?], over tree: ObjectID) throws(Failure) -> ObjectID {
    try writeTree(editing: files.mapValues { $0.map { FileEdit(bytes: $0) } }, over: tree)
  }

  /// Writes trees like `tree`, each like the one before with some files changed; see `writeTree(changing:over:)`.
  public func writeTrees(
    changing steps: [[String: [UInt8]?]], over tree: ObjectID
  ) throws(Failure) -> [ObjectID] {
    try writeTrees(editing: steps.map { $0.mapValues { $0.map { FileEdit(bytes: $0) } } }, over: tree)
  }

  func writeTree(editing files: [String: FileEdit?], over tree: ObjectID) throws(Failure) -> ObjectID {
    try writeTrees(editing: [files], over: tree)[0]
  }

  private func writeTrees(
    editing steps: [[String: FileEdit?]], over tree: ObjectID
  ) throws(Failure) -> [ObjectID] {
    let edits = steps.enumerated().flatMap { step, files in
      files.sorted { $0.key < $1.key }.map { (step, path: $0.key, edit: $0.value) }
    }
    let ids = edits.concurrentMap { $0.edit.map { ObjectID.blob(of: $0.bytes) } }
    var changes = [[(path: String, blob: EditedFolder.Blob?)]](repeating: [], count: steps.count)
    for ((step, path, edit), id) in zip(edits, ids) {
      if let edit, let id { try keep(edit.bytes, as: GIT_OBJECT_BLOB, id) }
      changes[step].append((path, id.map { EditedFolder.Blob(id: $0, mode: edit?.mode) }))
    }
    var trees: [ObjectID] = []
    for changes in changes {
      if let changed = try write(try EditedFolder(changes), over: trees.last ?? tree, at: "") {
        trees.append(changed)
      } else {
        trees.append(try write([], as: GIT_OBJECT_TREE))
      }
    }
    return trees
  }

  /// Writes the directory `path` with `changes`, nil if nothing is left in it.
  private func write(_ changes: EditedFolder, over tree: ObjectID?, at path: String) throws(Failure) -> ObjectID? {
    var object = try tree.map { (id) throws(Failure) in try treeObject(id) } ?? TreeObject()
    for (name, folder) in changes.folders {
      let existing = object[name.utf8]
      // A file that becomes a folder is replaced, as git does when it is told of both.
      let id = try write(folder, over: existing?.mode == .directory ? existing?.id : nil, at: path + name + "/")
      object[name.utf8] = id.map { ($0, .directory) }
    }
    for (name, blob) in changes.files {
      let existing = object[name.utf8].flatMap { $0.mode == .directory ? nil : $0 }
      guard let blob else {
        if existing == nil {
          if changes.folders[name] != nil { continue }
          throw Failure(.input, "cannot delete '\(path)\(name)': the tree has no such file")
        }
        object[name.utf8] = nil
        continue
      }
      object[name.utf8] = (blob.id, blob.mode ?? existing?.mode ?? .regular)
    }
    if object.entries.isEmpty { return nil }
    let id = try write(object.bytes, as: GIT_OBJECT_TREE)
    keep(object, as: id)
    return id
  }

  /// Writes a commit, and returns its id. It exists in this instance only.
  public func writeCommit(
    tree: ObjectID, parents: [ObjectID], author: Signature, committer: Signature, message: String
  ) throws(Failure) -> ObjectID {
    func line(_ key: String, _ signature: Signature) -> String {
      func clean(_ text: String) -> String { text.filter { !"<>\n\r\0".contains($0) } }
      return "\(key) \(clean(signature.name)) <\(clean(signature.email))> \(signature.seconds) \(signature.offset)\n"
    }
    let text =
      "tree \(tree)\n" + parents.map { "parent \($0)\n" }.joined() + line("author", author)
      + line("committer", committer) + "\n" + message
    return try write(Array(text.utf8), as: GIT_OBJECT_COMMIT)
  }
}

/// The files to change below a folder, by name.
private struct EditedFolder {
  struct Blob {
    var id: ObjectID
    var mode: FileMode?
  }

  var files: [String: Blob?] = [:]
  var folders: [String: EditedFolder] = [:]

  init() {}

  init(_ blobs: [(path: String, blob: Blob?)]) throws(Failure) {
    for (path, blob) in blobs {
      if let problem = TreePath.problem(path) { throw Failure(.input, "cannot write '\(path)', \(problem)") }
      insert(path.split(separator: "/").map(String.init)[...], blob)
    }
  }

  private mutating func insert(_ components: ArraySlice<String>, _ blob: Blob?) {
    guard let name = components.first else { return }
    if components.count == 1 {
      files[name] = .some(blob)
    } else {
      folders[name, default: EditedFolder()].insert(components.dropFirst(), blob)
    }
  }
}
