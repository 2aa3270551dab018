/// How Kbuild compiles one unit.
public struct CompileCommand: Sendable, Hashable, Codable {
  /// The compiler and its arguments, without the output, the dependency file and the source.
  public var arguments: [String]
  /// The absolute path of the folder the compiler runs in: the lane's build folder.
  public var directory: String
  /// The source as the compiler is given it, most often an absolute path.
  public var input: String
  /// The path of the source in the source tree, or in the build folder when Kbuild generates it.
  public var source: String
  /// The path of the object in the build folder.
  public var object: String
  /// The files of the source tree it read, as paths in the tree, sorted; the source is one of them.
  public var dependencies: [String]

  public init(
    arguments: [String], directory: String, input: String, source: String, object: String, dependencies: [String]
  ) {
    self.arguments = arguments
    self.directory = directory
    self.input = input
    self.source = source
    self.object = object
    self.dependencies = dependencies
  }
}

extension CompileCommand {
  /// Reads what fixdep left in `.<object>.cmd`.
  ///
  /// The saved line may go on after the compiler with objtool, or with genksyms where symbols have versions; only the
  /// compiler's own part is taken.
  ///
  /// - Returns: nil when the file holds no compilation of a C source.
  init?(cmdFile text: String, object: String, paths: TreePaths) {
    var saved: Substring?
    var input: Substring?
    var dependencies: Set<String> = []
    var inDependencies = false
    for line in text.split(separator: "\n") {
      if line.hasPrefix("savedcmd_") || line.hasPrefix("cmd_") {
        saved = line.range(of: " := ").map { line[$0...] }
      } else if line.hasPrefix("source_") {
        input = line.range(of: " := ").map { line[$0...] }
      } else if line.hasPrefix("deps_") {
        inDependencies = true
      } else if inDependencies {
        let word = line.split(separator: " ").first ?? ""
        inDependencies = line.hasSuffix("\\")
        if word.hasPrefix("$(wildcard") || word == "\\" { continue }
        if case .source(let path) = paths.locate(word) { dependencies.insert(path) }
      }
    }
    guard let saved, let input = input.map(String.init), input.hasSuffix(".c") else { return nil }
    let line = saved.replacing("$(pound)", with: "#").replacing("$$", with: "$")
    guard let words = ShellWords.commands(line).first(where: { $0.contains("-c") && $0.contains(input) }) else {
      return nil
    }
    let source = paths.locate(input)
    if case .source(let path) = source { dependencies.insert(path) }
    self.init(
      arguments: Self.plain(words, input: input), directory: paths.build, input: input, source: paths.short(input),
      object: object, dependencies: dependencies.sorted())
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

extension Substring {
  /// The index just after the first `separator`; nil when there is none.
  fileprivate func range(of separator: String) -> Index? {
    ranges(of: separator).first?.upperBound
  }
}
