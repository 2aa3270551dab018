/// The flags of sparse for a unit, derived from the compiler's.
struct SparseArguments {
  /// All of the compiler's flags that sparse accepts, with paths in the source tree moved to another folder.
  var all: [String] = []
  /// The flags among them that choose the language and the machine, without macros and files.
  var plain: [String] = []

  private static let withFile: Set<String> = ["-include", "-imacros", "-isystem", "-idirafter", "-iquote", "-I"]

  /// - Parameter move: returns the path to read a file or folder of the source tree from, given its path in the tree.
  init(_ command: CompileCommand, paths: TreePaths, move: (String) -> String) {
    func moved(_ path: some StringProtocol) -> String {
      if case .source(let inTree) = paths.locate(path) { return move(inTree) }
      return TreePaths.normalized(path) == TreePaths.normalized(paths.source) ? move("") : String(path)
    }
    var words = command.arguments.dropFirst()[...]
    while let word = words.popFirst() {
      if Self.withFile.contains(word) {
        if let file = words.popFirst() { all += [word, moved(file)] }
      } else if word == "-D" || word == "-U" {
        if let macro = words.popFirst() { all += [word, macro] }
      } else if word.hasPrefix("-I") {
        all.append("-I" + moved(word.dropFirst(2)))
      } else if word.hasPrefix("-D") || word.hasPrefix("-U") {
        all.append(word)
      } else if word.hasPrefix("-"), word != "-c" {
        // A word without a dash belongs to a flag that sparse ignores, such as `-meabi gnu`; sparse would take it for a
        // file.
        all.append(word)
        plain.append(word)
      }
    }
  }
}
