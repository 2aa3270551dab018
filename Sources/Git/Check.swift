import CLibgit2
import Diagnostics

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
