import CLibgit2
public import Diagnostics
public import PatchSeries

/// A file that differs between two trees.
public struct Change: Hashable, Sendable {
  /// The path after the change; for a deleted file, before it.
  public var path: String
  /// The path before the change, for a rename.
  public var oldPath: String?
  /// Added, deleted, modified or renamed; never copied.
  public var status: FileStatus
  /// The blob before the change; nil for an added file.
  public var oldID: ObjectID?
  /// The blob after the change; nil for a deleted file.
  public var newID: ObjectID?
  /// The mode before the change; nil for an added file.
  public var oldMode: FileMode?
  /// The mode after the change; nil for a deleted file.
  public var newMode: FileMode?
  /// The similarity of the two files of a rename in percent, as libgit2 measures it.
  public var similarity: Int?
}

extension Repository {
  /// The files that differ between two trees, by path.
  ///
  /// - Parameter findsRenames: whether to look for renames, as libgit2 detects them. Then a file that becomes a symlink
  ///   or a submodule, or the other way round, counts as deleted and added; else each path is listed once.
  public func changes(
    from old: ObjectID, to new: ObjectID, findsRenames: Bool = true
  ) throws(Failure) -> [Change] {
    let operation = { "cannot compare the trees \(old) and \(new) of '\(self.path)'" }
    let before = try lookUp(tree: old)
    let after = try lookUp(tree: new)
    var options = git_diff_options()
    try check(git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION)), operation)
    if !findsRenames { options.flags |= GIT_DIFF_INCLUDE_TYPECHANGE.rawValue }
    var pointer: OpaquePointer?
    try check(git_diff_tree_to_tree(&pointer, self.pointer, before.pointer, after.pointer, &options), operation)
    guard let diff = Handle(pointer, free: git_diff_free) else { throw Failure(.input, operation()) }
    if findsRenames { try find(renamesIn: diff, operation) }
    let changes = (0..<git_diff_num_deltas(diff.pointer)).compactMap { index in
      git_diff_get_delta(diff.pointer, index).map { Change($0.pointee) }
    }
    return changes.sorted {
      $0.path == $1.path ? $0.status == .deleted : $0.path.utf8.lexicographicallyPrecedes($1.path.utf8)
    }
  }
}

extension Repository {
  private func find(renamesIn diff: borrowing Handle, _ operation: () -> String) throws(Failure) {
    var options = git_diff_find_options()
    try check(git_diff_find_options_init(&options, UInt32(GIT_DIFF_FIND_OPTIONS_VERSION)), operation)
    // Set explicitly, so that the user's configuration does not decide.
    options.flags = GIT_DIFF_FIND_RENAMES.rawValue | GIT_DIFF_FIND_DONT_IGNORE_WHITESPACE.rawValue
    options.rename_limit = 1000
    try check(git_diff_find_similar(diff.pointer, &options), operation)
  }
}

extension Change {
  fileprivate init(_ delta: git_diff_delta) {
    func path(_ file: git_diff_file) -> String { file.path.map { String(cString: $0) } ?? "" }
    func mode(_ file: git_diff_file) -> FileMode? { FileMode(stored: Int32(file.mode)) }
    switch delta.status {
    case GIT_DELTA_ADDED: status = .added
    case GIT_DELTA_DELETED: status = .deleted
    case GIT_DELTA_RENAMED: status = .renamed
    default: status = .modified
    }
    self.path = path(status == .deleted ? delta.old_file : delta.new_file)
    if status != .added { (oldID, oldMode) = (ObjectID(delta.old_file.id), mode(delta.old_file)) }
    if status != .deleted { (newID, newMode) = (ObjectID(delta.new_file.id), mode(delta.new_file)) }
    if status == .renamed { (oldPath, similarity) = (path(delta.old_file), Int(delta.similarity)) }
  }
}
