import CLibgit2
import Glibc

/// Whether a repository may be read, by its owner: git trusts only the user's own, and those that `safe.directory` names.
///
/// libgit2 1.5.1 knows no `*` there, and says of another user's repository that there is none if nothing is configured. So
/// this does what git does (`ensure_valid_ownership` in setup.c).
enum Ownership {
  static func isTrusted(_ repository: OpaquePointer) -> Bool {
    let folders = [git_repository_workdir(repository), git_repository_path(repository)].compactMap { $0 }
      .map { String(cString: $0) }
    return folders.allSatisfy(isOwned) || folders.first.map(isSafe) == true
  }

  private static func isOwned(_ path: String) -> Bool {
    var status = stat()
    guard lstat(withoutSlash(path), &status) == 0 else { return false }
    // Whoever uses sudo is still the owner of what is theirs.
    let sudo = geteuid() == 0 ? getenv("SUDO_UID").flatMap { UInt32(String(cString: $0)) } : nil
    return status.st_uid == geteuid() || status.st_uid == sudo
  }

  /// Whether the user's or the system's configuration names the repository. Its own cannot.
  private static func isSafe(_ path: String) -> Bool {
    var opened: OpaquePointer?
    guard git_config_open_default(&opened) == 0, let config = Handle(opened, free: git_config_free) else {
      return false
    }
    var iterator: OpaquePointer?
    guard git_config_multivar_iterator_new(&iterator, config.pointer, "safe.directory", nil) == 0 else { return false }
    defer { git_config_iterator_free(iterator) }
    var isSafe = false
    var entry: UnsafeMutablePointer<git_config_entry>?
    while git_config_next(&entry, iterator) == 0, let value = entry?.pointee.value {
      let named = String(cString: value)
      switch named {
      // An empty value discards those before it.
      case "": isSafe = false
      case "*": isSafe = true
      default:
        let isBelow = named.hasSuffix("/*") && path.hasPrefix(named.dropLast())
        if isBelow || withoutSlash(named) == withoutSlash(path) { isSafe = true }
      }
    }
    return isSafe
  }

  private static func withoutSlash(_ path: String) -> String {
    path.hasSuffix("/") && path.utf8.count > 1 ? String(path.dropLast()) : path
  }
}
