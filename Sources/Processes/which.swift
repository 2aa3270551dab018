#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The path of the executable `name`, as a shell would find it; nil when there is none.
///
/// - Parameters:
///   - name: a name to look for on `PATH`, or a path, which is returned unchanged if it can be executed.
///   - path: the search path to use instead of this process's `PATH`.
public func which(_ name: String, path: String? = nil) -> String? {
  guard !name.isEmpty else { return nil }
  if name.contains("/") { return isExecutableFile(name) ? name : nil }
  let path = path ?? getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
  // With a relative entry the answer would depend on the child's working directory.
  return path.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }.first(where: isExecutableFile)
}

private func isExecutableFile(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
}
