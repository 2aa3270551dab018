import Processes
import Support

/// A unit's compilation in two steps: its text is made complete in itself, and that text is compiled.
///
/// The text holds all it includes, and its macros as they were written: of preprocessed text, compilers warn more, for what
/// a macro hid. They may warn less of either, so that the source's own warnings have to be asked for apart: clang takes
/// `if (x) ;` for meant where the line that a marker tells is not the one it is on.
struct SelfContained {
  /// The compiler and its arguments to hear what it says of the source, generating no code.
  let checking: [String]
  /// The compiler and its arguments for the first step, without the source.
  let preprocessing: [String]
  /// The compiler and its arguments for the second step. They name no file.
  let compiling: [String]
  /// What the command line defines, to stand before the text: an engine that is given preprocessed text, as this one
  /// looks to it, gives no `-D` on.
  let definitions: String

  /// - Returns: nil where the command cannot be taken apart so.
  init?(_ command: CompileCommand) {
    guard command.source.hasSuffix(".c") else { return nil }
    checking = command.arguments.filter { $0 != "-c" } + ["-fsyntax-only"]
    preprocessing = command.arguments.filter { $0 != "-c" } + ["-E", "-frewrite-includes"]
    var compiling: [String] = []
    var definitions = "# 1 \"<command line>\"\n"
    var words = command.arguments[...]
    while let word = words.popFirst() {
      if let option = Self.preprocessorOptions.first(where: word.hasPrefix) {
        let value = word == option ? words.popFirst() ?? "" : String(word.dropFirst(option.count))
        switch option {
        case "-D":
          let parts = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
          definitions += "#define \(parts[0]) \(parts.count > 1 ? parts[1] : "1")\n"
        case "-U": definitions += "#undef \(value)\n"
        default: break
        }
      } else if word.hasPrefix("--target=") {
        // distcc adds a `-target` of this machine where it sees none, and does not see this form of it.
        compiling += ["-target", String(word.dropFirst("--target=".count))]
      } else if word.hasPrefix("-frandomize-layout-seed-file=") {
        let file = word.dropFirst("-frandomize-layout-seed-file=".count)
        guard let seed = Files.read(file.hasPrefix("/") ? String(file) : "\(command.directory)/\(file)") else {
          return nil
        }
        compiling.append("-frandomize-layout-seed=" + String(decoding: seed.prefix { $0 != 10 }, as: UTF8.self))
      } else {
        compiling.append(word)
      }
    }
    // What only concerns the first step is no mistake in the second.
    self.compiling = compiling + ["-Qunused-arguments", "-x", "c"]
    self.definitions = definitions
  }

  /// Those that take a value, be it in the same word or in the next.
  private static let preprocessorOptions = [
    "-D", "-U", "-include", "-imacros", "-isystem", "-iquote", "-idirafter", "-I",
  ]
}
