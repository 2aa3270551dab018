import Processes

/// A unit's compilation in two steps: its text is made complete in itself, and that text is compiled.
///
/// The text holds all it includes, and its macros as they were written, so that the compiler says of it what it says of
/// the source, wherever it runs. Preprocessed text is not like that: compilers warn of what a macro hid.
struct SelfContained {
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

  /// The text that is compiled, of what the first step gave.
  ///
  /// Its line markers tell files, as those of the first step do, and lines as they are in this very text: clang takes
  /// `if (x) ;` for meant where the line a marker tells is not the one that it is on.
  func text(_ output: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(output.count + output.count / 16)
    var number = 1
    func add(_ line: ArraySlice<UInt8>) {
      number += 1
      let isMarker = line.starts(with: "# ".utf8) && line.dropFirst(2).first.map { (48..<58).contains($0) } == true
      if isMarker {
        text += "# \(number)".utf8
        text += line.dropFirst(2).drop { (48..<58).contains($0) }
      } else {
        text += line
      }
      text.append(10)
    }
    for part in [Array(definitions.utf8), output] {
      for line in part.split(separator: 10, omittingEmptySubsequences: false).dropLast() { add(line) }
    }
    return text
  }

  /// Those that take a value, be it in the same word or in the next.
  private static let preprocessorOptions = [
    "-D", "-U", "-include", "-imacros", "-isystem", "-iquote", "-idirafter", "-I",
  ]
}
