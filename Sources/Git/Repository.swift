import CLibgit2
public import Diagnostics

/// A git repository, read from disk and never changed there, except by `makeBranch`.
///
/// Written objects stay in this instance's memory and are read back like any other. Only one task at a time may use an
/// instance: it is not `Sendable`, and opening another one is cheap.
public final class Repository {
  /// The path of the work tree or git directory that was opened.
  public let path: String
  let pointer: OpaquePointer
  let database: OpaquePointer

  /// Opens the repository whose work tree or git directory is `path`.
  ///
  /// Folders above `path` are not searched: an unpacked kernel inside another repository is not that repository.
  ///
  /// - Throws: `Failure(.input)` when there is no repository, or it cannot be opened.
  public init(opening path: String) throws(Failure) {
    try Library.start()
    var repository: OpaquePointer?
    let code = git_repository_open_ext(&repository, path, GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue, nil)
    guard code == 0, let repository else { throw Self.cannotOpen(path, code) }
    guard Ownership.isTrusted(repository) else {
      git_repository_free(repository)
      throw Failure(
        .input, "'\(path)' belongs to another user, so git does not trust it",
        notes: ["to trust it: git config --global --add safe.directory \(path)"])
    }
    var database: OpaquePointer?
    guard git_repository_odb(&database, repository) == 0, let database else {
      let reason = lastError(-1)
      git_repository_free(repository)
      throw Failure(.input, "cannot read the objects of '\(path)'", notes: [reason])
    }
    self.path = path
    self.pointer = repository
    self.database = database
    try Self.addMemory(to: database)
  }

  /// Adds an in-memory backend in front of the backends on disk.
  private static func addMemory(to database: OpaquePointer) throws(Failure) {
    // Writing an existing object "freshens" it, which changes its file's times, unless the backend cannot.
    for index in 0..<git_odb_num_backends(database) {
      var backend: UnsafeMutablePointer<git_odb_backend>?
      if git_odb_get_backend(&backend, database, index) == 0 { backend?.pointee.freshen = nil }
    }
    var memory: UnsafeMutablePointer<git_odb_backend>?
    // libgit2 gives backends on disk the priorities 1 and 2, and reads from and writes to the highest first.
    guard git_mempack_new(&memory) == 0, let memory, git_odb_add_backend(database, memory, 1000) == 0 else {
      throw Failure(.unavailable, "cannot keep objects in memory", notes: [lastError(-1)])
    }
  }

  deinit {
    git_odb_free(database)
    git_repository_free(pointer)
  }

  private static func cannotOpen(_ path: String, _ code: Int32) -> Failure {
    let reason = lastError(code)
    switch code {
    case GIT_ENOTFOUND.rawValue:
      return Failure(
        .input, "'\(path)' is not a git repository",
        notes: [
          "give the top folder of a clone with --tree, or a bare repository",
          "for a kernel without git history: seriesmith kernel --from TARBALL|DIR",
        ])
    default:
      return Failure(.input, "cannot open the repository '\(path)'", notes: [reason])
    }
  }
}
