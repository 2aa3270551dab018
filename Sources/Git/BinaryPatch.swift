import CLibgit2
import Diagnostics
import PatchSeries

/// Applies git's encoded binary patches, by libgit2.
enum BinaryPatch {
  struct Problem: Error {
    var reason: String
  }

  /// What the file's part of `patch` makes of `bytes`.
  static func apply(_ diff: FileDiff, of patch: [UInt8], to bytes: [UInt8]) throws(Failure) -> Result<[UInt8], Problem>
  {
    guard let oldID = diff.oldID, let newID = diff.newID, oldID.count == 40, newID.count == 40 else {
      return .failure(Problem(reason: "it holds no data: write it with git format-patch, which includes them"))
    }
    let found = bytes.isEmpty && diff.status == .added ? ObjectID.zero.hex : try ObjectID.blob(of: bytes).hex
    guard found == oldID else {
      return .failure(Problem(reason: "it was made for blob \(oldID.prefix(12)), found \(found.prefix(12))"))
    }
    guard let result = try result(of: Array(patch[diff.bytes]), to: bytes, diff) else {
      return .failure(Problem(reason: lastError(-1)))
    }
    let id = diff.status == .deleted ? ObjectID.zero.hex : try ObjectID.blob(of: result).hex
    guard id == newID else {
      return .failure(Problem(reason: "it gives blob \(id.prefix(12)), its index line says \(newID.prefix(12))"))
    }
    return .success(result)
  }

  /// Runs libgit2's apply in a repository that exists in memory only, and holds this one file.
  private static func result(of part: [UInt8], to bytes: [UInt8], _ diff: FileDiff) throws(Failure) -> [UInt8]? {
    let scratch = try Repository(inMemory: diff.path)
    var files: [String: [UInt8]] = [:]
    if let path = diff.oldPath { files[path] = bytes }
    let empty = try scratch.write([], as: GIT_OBJECT_TREE)
    var oid = try scratch.writeTree(changing: files, over: empty).oid

    var parsed: OpaquePointer?
    guard git_diff_from_buffer(&parsed, part, part.count) == 0, let parsed = Handle(parsed, free: git_diff_free)
    else { return nil }
    var tree: OpaquePointer?
    guard git_tree_lookup(&tree, scratch.pointer, &oid) == 0, let tree = Handle(tree, free: git_tree_free)
    else { return nil }
    var index: OpaquePointer?
    guard git_apply_to_tree(&index, scratch.pointer, tree.pointer, parsed.pointer, nil) == 0,
      let index = Handle(index, free: git_index_free)
    else { return nil }
    guard let path = diff.newPath else { return [] }
    guard let entry = git_index_get_bypath(index.pointer, path, 0) else { return nil }
    return try scratch.blob(ObjectID(entry.pointee.id))
  }
}
