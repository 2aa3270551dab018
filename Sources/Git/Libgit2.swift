import CLibgit2
import Diagnostics
import Glibc

/// The state libgit2 keeps for the whole process.
enum Library {
  /// Extensions of the repository's format that change nothing for someone who only reads objects.
  ///
  /// libgit2 refuses to open a repository with an extension it does not know. `git sparse-checkout` and
  /// `git worktree` set the first and the last of these, so kernel trees have them.
  private static let extensions = ["worktreeconfig", "partialclone", "preciousobjects", "relativeworktrees"]

  private static let status: Int32 = {
    let status = git_libgit2_init()
    guard status >= 0 else { return status }
    // Git does not hash what it reads either, and a kernel's sources are a gigabyte and a half.
    _ = seriesmith_verify_hashes_on_read(0)
    // A whole kernel is read through a small part of its pack at a time.
    _ = seriesmith_map_at_most(4 << 20, 32 << 20)
    // A series is about few files: each is read for what it says, for its diffs, and for what a patch makes of it.
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
/// libgit2's own message becomes the first note. It is read before anything else can replace it.
@discardableResult
func check(
  _ code: Int32, status: ExitStatus = .input, notes: [String] = [], _ operation: () -> String
) throws(Failure) -> Int32 {
  guard code < 0 else { return code }
  throw Failure(status, operation(), notes: [lastError(code)] + notes)
}

/// What libgit2 says of the call that just failed on this thread.
func lastError(_ code: Int32) -> String {
  guard let error = git_error_last(), let text = error.pointee.message else { return "libgit2 error \(code)" }
  return String(cString: text)
}

/// A libgit2 object of one scope, freed at its end.
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
