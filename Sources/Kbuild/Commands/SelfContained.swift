import Processes
import Support

/// A unit's compilation in two steps: the first makes the text self-contained, the second compiles it.
///
/// The text holds all included files but keeps macros unexpanded: compilers warn more about preprocessed text, where macros
/// no longer hide anything. They may warn less about either text, so a separate run collects the source's own warnings:
/// clang takes `if (x) ;` for intended where a line marker gives another line than the real one.
struct SelfContained {
  /// The compiler and its arguments for the run that collects the source's warnings and generates no code.
  let checking: [String]
  /// The compiler and its arguments for the first step, without the source.
  let preprocessing: [String]
  /// The compiler and its arguments for the second step. They name no file.
  let compiling: [String]
  /// The macros of the command line, to put before the text: an engine takes the text for preprocessed and passes on no
  /// `-D`.
  let definitions: String

  /// Returns nil for a command that cannot be split in two: one for assembler, or without its randstruct seed.
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
        // distcc adds this machine's `-target` if it finds none, and does not recognize `--target=`.
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
    // The second step must not warn about options that only the first step uses.
    self.compiling = compiling + ["-Qunused-arguments", "-x", "c"]
    self.definitions = definitions
  }

  /// Options that take a value, in the same word or in the next.
  private static let preprocessorOptions = [
    "-D", "-U", "-include", "-imacros", "-isystem", "-iquote", "-idirafter", "-I",
  ]
}
