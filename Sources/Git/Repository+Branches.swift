import CLibgit2
public import Diagnostics
import PatchSeries

extension Repository {
  /// Whether a rebase, a merge, `git am` or the like has stopped half-way.
  public var isInOperation: Bool { git_repository_state(pointer) != Int32(GIT_REPOSITORY_STATE_NONE.rawValue) }

  /// Checks that a new branch can have this name.
  ///
  /// - Throws: `Failure(.usage)` for an invalid name or that of an existing branch.
  public func checkNewBranch(_ name: String) throws(Failure) {
    var isValid: Int32 = 0
    guard git_branch_name_is_valid(&isValid, name) == 0, isValid == 1 else {
      throw Failure(.usage, "'\(name)' cannot be the name of a branch", notes: ["see `git help check-ref-format`"])
    }
    var branch: OpaquePointer?
    let code = git_branch_lookup(&branch, pointer, name, GIT_BRANCH_LOCAL)
    git_reference_free(branch)
    guard code != 0 else {
      throw Failure(.usage, "'\(path)' already has a branch '\(name)'", notes: ["choose another name"])
    }
  }

  /// Writes a commit and its history from memory to disk, and creates a branch. Nothing else in the repository changes.
  ///
  /// - Parameter commit: the branch's last commit.
  /// - Throws: as `checkNewBranch`; `Failure(.unavailable)` when the disk cannot be written.
  public func makeBranch(_ name: String, at commit: ObjectID) throws(Failure) {
    try checkNewBranch(name)
    // A separate instance, since this one writes only to memory.
    let disk = try OnDisk(path)
    try copy(commit: commit, to: disk)
    var oid = commit.oid
    var branch: OpaquePointer?
    let log = "branch: Created by seriesmith"
    try check(git_reference_create(&branch, disk.repository, "refs/heads/\(name)", &oid, 0, log), status: .unavailable)
    {
      "cannot create the branch '\(name)' in '\(path)'"
    }
    git_reference_free(branch)
  }

  /// Copies the objects of a commit that the disk lacks, each before the objects that refer to it.
  private func copy(commit id: ObjectID, to disk: borrowing OnDisk) throws(Failure) {
    var missing: [Commit] = []
    var next: ObjectID? = id
    while let id = next, !disk.has(id) {
      let commit = try resolve(id.hex)
      missing.append(commit)
      next = commit.parents.first
    }
    for commit in missing.reversed() {
      try copy(tree: commit.tree, to: disk)
      try copy(commit.id, to: disk)
    }
  }

  private func copy(tree id: ObjectID, to disk: borrowing OnDisk) throws(Failure) {
    guard !disk.has(id) else { return }
    for entry in try entries(of: id) {
      switch entry.mode {
      case .directory: try copy(tree: entry.id, to: disk)
      case .submodule: break
      default: if !disk.has(entry.id) { try copy(entry.id, to: disk) }
      }
    }
    try copy(id, to: disk)
  }

  private func copy(_ id: ObjectID, to disk: borrowing OnDisk) throws(Failure) {
    var oid = id.oid
    var object: OpaquePointer?
    try check(git_odb_read(&object, database, &oid)) { "cannot read the object \(id) of '\(path)'" }
    guard let object = Handle(object, free: git_odb_object_free) else { return }
    var copied = git_oid()
    try check(
      git_odb_write(
        &copied, disk.database, git_odb_object_data(object.pointer), git_odb_object_size(object.pointer),
        git_odb_object_type(object.pointer)), status: .unavailable
    ) { "cannot write an object to '\(path)'" }
  }
}

/// A repository on disk, to write to.
private struct OnDisk: ~Copyable {
  let repository: OpaquePointer
  let database: OpaquePointer

  init(_ path: String) throws(Failure) {
    var repository: OpaquePointer?
    try check(git_repository_open_ext(&repository, path, GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue, nil)) {
      "cannot open the repository '\(path)'"
    }
    var database: OpaquePointer?
    guard let repository, git_repository_odb(&database, repository) == 0, let database else {
      git_repository_free(repository)
      throw Failure(.input, "cannot read the objects of '\(path)'")
    }
    self.repository = repository
    self.database = database
  }

  func has(_ id: ObjectID) -> Bool {
    var oid = id.oid
    return git_odb_exists(database, &oid) == 1
  }

  deinit {
    git_odb_free(database)
    git_repository_free(repository)
  }
}
