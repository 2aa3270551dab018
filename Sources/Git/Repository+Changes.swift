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
    var before: [TreeObject.Entry] = []
    var after: [TreeObject.Entry] = []
    if let old { before = try treeObject(old).entries }
    if let new { after = try treeObject(new).entries }
    var one = 0
    var two = 0
    while one < before.count || two < after.count {
      if two == after.count || (one < before.count && before[one].precedes(after[two])) {
        try record(before[one], nil, prefix, &changes)
        one += 1
      } else if one == before.count || after[two].precedes(before[one]) {
        try record(nil, after[two], prefix, &changes)
        two += 1
      } else {
        try record(before[one], after[two], prefix, &changes)
        one += 1
        two += 1
      }
    }
  }

  private func record(
    _ old: TreeObject.Entry?, _ new: TreeObject.Entry?, _ prefix: String, _ changes: inout [Change]
  ) throws(Failure) {
    guard let name = old?.name ?? new?.name, old?.id != new?.id || old?.mode != new?.mode else { return }
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
