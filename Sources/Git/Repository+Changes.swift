public import Diagnostics
import PatchSeries

extension Repository {
  /// The files that differ between two trees, by path. Renames are found as `git diff -M` finds them.
  ///
  /// A file that becomes a symlink or a submodule, or the other way round, is deleted and added.
  public func changes(from old: ObjectID, to new: ObjectID) throws(Failure) -> [Change] {
    var changes: [Change] = []
    try compare(old, new, under: "", &changes)
    changes.sort { $0.path == $1.path ? $0.status == .deleted : $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    return try detectRenames(changes)
  }

  private func compare(
    _ old: ObjectID?, _ new: ObjectID?, under prefix: String, _ changes: inout [Change]
  ) throws(Failure) {
    if old == new { return }
    let before = try old.map { (id) throws(Failure) in try treeObject(id) } ?? TreeObject()
    let after = try new.map { (id) throws(Failure) in try treeObject(id) } ?? TreeObject()
    // Two versions of a folder often begin with the same many names.
    var one = before.entriesInCommon(with: after)
    var two = one
    while one < before.entries.count || two < after.entries.count {
      let old = one < before.entries.count ? before.entries[one] : nil
      let new = two < after.entries.count ? after.entries[two] : nil
      var order = old == nil ? 1 : -1
      if let old, let new { order = before.order(old, after, new) }
      if order <= 0 { one += 1 }
      if order >= 0 { two += 1 }
      if let old, order < 0 {
        try record(old, nil, prefix, before.name(of: old), &changes)
      } else if let new, order > 0 {
        try record(nil, new, prefix, after.name(of: new), &changes)
      } else if let old, let new, old.id != new.id || old.mode != new.mode {
        try record(old, new, prefix, before.name(of: old), &changes)
      }
    }
  }

  private func record(
    _ old: TreeObject.Entry?, _ new: TreeObject.Entry?, _ prefix: String, _ name: ArraySlice<UInt8>,
    _ changes: inout [Change]
  ) throws(Failure) {
    let path = prefix + String(decoding: name, as: UTF8.self)
    if old?.mode == .directory || new?.mode == .directory {
      // Names are equal only for two directories: a directory is sorted under another name than a file.
      return try compare(old?.id, new?.id, under: path + "/", &changes)
    }
    let same = old.flatMap { old in new.map { old.mode == $0.mode || (old.mode.isFile && $0.mode.isFile) } } ?? false
    if same {
      changes.append(
        Change(
          path: path, status: .modified, oldID: old?.id, newID: new?.id, oldMode: old?.mode, newMode: new?.mode))
      return
    }
    if let old { changes.append(Change(path: path, status: .deleted, oldID: old.id, oldMode: old.mode)) }
    if let new { changes.append(Change(path: path, status: .added, newID: new.id, newMode: new.mode)) }
  }
}
