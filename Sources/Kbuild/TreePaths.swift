/// The two folders of a lane, and how compilers spell paths in them.
struct TreePaths: Sendable {
  var source: String
  var build: String

  /// A file's path in the source tree or in the build folder, or its absolute path elsewhere.
  enum Location: Hashable {
    case source(String)
    case build(String)
    case elsewhere(String)
  }

  /// Locates `path`. A relative path starts in the build folder, where Kbuild's compilers run.
  func locate(_ path: some StringProtocol) -> Location {
    let full = Self.normalized(path.hasPrefix("/") ? String(path) : "\(build)/\(path)")
    // The build folder may lie inside the source tree, but not the other way round.
    if full.hasPrefix(build + "/") { return .build(String(full.dropFirst(build.utf8.count + 1))) }
    if full.hasPrefix(source + "/") { return .source(String(full.dropFirst(source.utf8.count + 1))) }
    return .elsewhere(full)
  }

  /// `path` relative to the folder it is in, for messages.
  func short(_ path: some StringProtocol) -> String {
    switch locate(path) {
    case .source(let path), .build(let path), .elsewhere(let path): path
    }
  }

  /// Whether make and its shells take a path literally. Kbuild quotes no goals, so the name of any other file would be run
  /// as shell code.
  static func isPlain(_ path: String) -> Bool {
    path.utf8.first != UInt8(ascii: "-")
      && path.utf8.allSatisfy {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || "/._,+-@".utf8.contains($0)
          || UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20
      }
  }

  /// `path` without ".", ".." and empty components. Kernel trees have no symbolic links among their folders that ".."
  /// could lead out of.
  static func normalized(_ path: some StringProtocol) -> String {
    var result: [Substring] = []
    for part in Substring(path).split(separator: "/") where part != "." {
      if part == "..", let last = result.last, last != ".." { result.removeLast() } else { result.append(part) }
    }
    return (path.hasPrefix("/") ? "/" : "") + result.joined(separator: "/")
  }
}
