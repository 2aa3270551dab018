/// The flags sparse is given for a unit, made of the compiler's.
struct SparseArguments {
  /// All of the compiler's flags that sparse can take, with paths in the source tree turned to the folder given.
  var all: [String] = []
  /// Those of them that choose the language and the machine: neither macros nor files.
  var plain: [String] = []

  private static let withFile: Set<String> = ["-include", "-imacros", "-isystem", "-idirafter", "-iquote", "-I"]

  /// - Parameter move: where a file or folder of the source tree is to be read, given by its path in the tree.
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
        // A word without a dash belongs to a flag sparse passes over, such as `-meabi gnu`; it would take it for a file.
        all.append(word)
        plain.append(word)
      }
    }
  }
}
