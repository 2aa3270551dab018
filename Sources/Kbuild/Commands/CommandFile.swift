/// What Kbuild leaves beside a file it made, in `.<name>.cmd`: the command, and where fixdep looked, the files it read.
struct CommandFile: Sendable {
  /// The command as the shell was given it.
  var command: Substring
  /// The source that fixdep names; nil where it did not look.
  var source: Substring?
  /// The files it read, as they are written.
  var dependencies: [Substring] = []

  /// - Returns: nil when the text holds no command.
  init?(_ text: String) {
    var saved: Substring?
    var inDependencies = false
    for line in text.split(separator: "\n") {
      if line.hasPrefix("savedcmd_") || line.hasPrefix("cmd_") {
        saved = saved ?? Self.value(of: line)
      } else if line.hasPrefix("source_") {
        source = Self.value(of: line)
      } else if line.hasPrefix("deps_") {
        inDependencies = true
      } else if inDependencies {
        let word = line.split(separator: " ").first ?? ""
        inDependencies = line.hasSuffix("\\")
        if !word.hasPrefix("$(wildcard"), word != "\\" { dependencies.append(word) }
      }
    }
    guard let saved else { return nil }
    command = saved.replacing("$(pound)", with: "#").replacing("$$", with: "$")
  }

  /// The files of the source tree it read, the source among them, as paths in the tree.
  func treeFiles(_ paths: TreePaths) -> Set<String> {
    var files: Set<String> = []
    for file in dependencies + [source].compactMap({ $0 }) {
      if case .source(let path) = paths.locate(file) { files.insert(path) }
    }
    return files
  }

  /// The name of the file that describes how `target` was made.
  static func path(of target: String) -> String {
    let slash = target.lastIndex(of: "/").map { target.index(after: $0) } ?? target.startIndex
    return "\(target[..<slash]).\(target[slash...]).cmd"
  }

  private static func value(of line: Substring) -> Substring? {
    line.ranges(of: " := ").first.map { line[$0.upperBound...] }
  }
}
