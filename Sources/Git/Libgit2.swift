import CLibgit2
import Diagnostics
import Glibc

/// The process-wide state of libgit2.
enum Library {
  /// Extensions of the repository format that do not affect reading objects.
  ///
  /// libgit2 refuses to open a repository with an unknown extension. `git sparse-checkout` and `git worktree` set the first
  /// and the last of these, so kernel trees have them.
  private static let extensions = ["worktreeconfig", "partialclone", "preciousobjects", "relativeworktrees"]

  private static let status: Int32 = {
    let status = git_libgit2_init()
    guard status >= 0 else { return status }
    // git does not verify hashes on reading either, and a kernel's sources are 1.5 GB.
    _ = seriesmith_verify_hashes_on_read(0)
    // `Ownership` does this.
    _ = seriesmith_validate_owner(0)
    // Mapping a small part of the pack at a time is enough to read a whole kernel.
    _ = seriesmith_map_at_most(4 << 20, 32 << 20)
    // A series touches few files, but each is read several times: for its contents, its diffs and its patches.
    _ = seriesmith_keep_in_memory(GIT_OBJECT_TREE, 64 << 10)
    _ = seriesmith_keep_in_memory(GIT_OBJECT_BLOB, 256 << 10)
    _ = seriesmith_keep_at_most(4 << 20)
    var names: [UnsafePointer<CChar>?] = extensions.map { UnsafePointer(strdup($0)) }
    defer {
      for name in names { free(UnsafeMutableRawPointer(mutating: name)) }
    }
    return seriesmith_allow_extensions(&names, names.count)
  }()

  static func start() throws(Failure) {
    try check(status, status: .unavailable) { "cannot start libgit2" }
  }
}

/// Turns a return code of libgit2 into a failure that names the operation and its subject.
///
/// libgit2's own message becomes the first note. It is read at once, before another call can replace it.
@discardableResult
func check(
  _ code: Int32, status: ExitStatus = .input, notes: [String] = [], _ operation: () -> String
) throws(Failure) -> Int32 {
  guard code < 0 else { return code }
  throw Failure(status, operation(), notes: [lastError(code)] + notes)
}

/// libgit2's message about the call that just failed on this thread.
func lastError(_ code: Int32) -> String {
  guard let error = git_error_last(), let text = error.pointee.message else { return "libgit2 error \(code)" }
  return String(cString: text)
}

/// A libgit2 object that is freed at the end of its scope.
struct Handle: ~Copyable {
  let pointer: OpaquePointer
  private let free: (OpaquePointer?) -> Void

  init?(_ pointer: OpaquePointer?, free: @escaping (OpaquePointer?) -> Void) {
    guard let pointer else { return nil }
    self.pointer = pointer
    self.free = free
  }

  deinit {
    free(pointer)
  }
}
