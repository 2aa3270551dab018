/// A `.<name>.cmd` file, which Kbuild saves beside each file it makes: the command and, where fixdep ran, the files read.
struct CommandFile: Sendable {
  /// The command as passed to the shell.
  var command: Substring
  /// The source as fixdep names it; nil where fixdep did not run.
  var source: Substring?
  /// The files the command read, spelled as in the file.
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

  /// The files of the source tree that the command read, including the source, as paths in the tree.
  func treeFiles(_ paths: TreePaths) -> Set<String> {
    var files: Set<String> = []
    for file in dependencies + [source].compactMap({ $0 }) {
      if case .source(let path) = paths.locate(file) { files.insert(path) }
    }
    return files
  }

  /// The path of the `.cmd` file of `target`.
  static func path(of target: String) -> String {
    let slash = target.lastIndex(of: "/").map { target.index(after: $0) } ?? target.startIndex
    return "\(target[..<slash]).\(target[slash...]).cmd"
  }

  private static func value(of line: Substring) -> Substring? {
    line.ranges(of: " := ").first.map { line[$0.upperBound...] }
  }
}
