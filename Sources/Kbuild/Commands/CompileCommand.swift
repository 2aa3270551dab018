/// How Kbuild compiles one unit.
public struct CompileCommand: Sendable, Hashable, Codable {
  /// The compiler and its arguments, without the output, the dependency file and the source.
  public var arguments: [String]
  /// The absolute path of the compiler's working directory: the lane's build folder.
  public var directory: String
  /// The source as passed to the compiler, usually an absolute path.
  public var input: String
  /// The path of the source in the source tree, or in the build folder when Kbuild generates it.
  public var source: String
  /// The path of the object in the build folder, as Kbuild names it: "arch/x86/kvm/../../../virt/kvm/kvm_main.o" where
  /// a makefile lists an object of another folder.
  public var object: String
  /// What the object is linked into.
  public var link: LinkTarget

  /// Assembles a command from its parts.
  public init(
    arguments: [String], directory: String, input: String, source: String, object: String, link: LinkTarget
  ) {
    self.arguments = arguments
    self.directory = directory
    self.input = input
    self.source = source
    self.object = object
    self.link = link
  }
}

extension CompileCommand {
  /// Extracts the compilation of `object` from a shell line, which may also run echo, objtool, genksyms and fixdep.
  ///
  /// - Returns: nil unless the line compiles a C or assembler source to `object`.
  init?(line: some StringProtocol, object: String, link: LinkTarget, paths: TreePaths) {
    guard let words = ShellWords.commands(line).first(where: { Self.object(of: $0) == object }) else { return nil }
    self.init(words, object: object, link: link, paths: paths)
  }

  /// Reads a compiler's words as the compilation of `object`; nil unless they compile a C or assembler source.
  init?(_ words: [String], object: String, link: LinkTarget, paths: TreePaths) {
    guard let input = Self.input(of: words) else { return nil }
    self.init(
      arguments: Self.plain(words, input: input), directory: paths.build, input: input, source: paths.short(input),
      object: object, link: link)
  }

  /// The object that a command compiles; nil for any other command.
  static func object(of words: [String]) -> String? {
    guard words.contains("-c"), let output = words.firstIndex(of: "-o"), output + 1 < words.count,
      words[output + 1].hasSuffix(".o")
    else { return nil }
    return words[output + 1]
  }

  /// The source among a compiler's words: the last `.c` or `.S` file, since `-include` may name a `.c` file before it.
  private static func input(of words: [String]) -> String? {
    guard let index = words.lastIndex(where: { $0.hasSuffix(".c") || $0.hasSuffix(".S") }),
      index > 0, words[index - 1] != "-include"
    else { return nil }
    return words[index]
  }

  private static func plain(_ words: [String], input: String) -> [String] {
    var result: [String] = []
    var skip = false
    for word in words {
      if skip {
        skip = false
      } else if word == "-o" {
        skip = true
      } else if word != input && !word.hasPrefix("-Wp,-MMD,") && !word.hasPrefix("-Wp,-MD,") {
        result.append(word)
      }
    }
    return result
  }
}
