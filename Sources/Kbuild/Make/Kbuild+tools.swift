public import Diagnostics
import Processes
import Support

/// A folder below `tools/` that is built by its own makefile.
public struct ToolBuild: Sendable, Hashable {
  /// The folder with the makefile: "tools/perf".
  public let folder: String
  /// The target of the selftests' makefile: "drivers/net"; nil for anything else.
  let selftest: String?

  /// The build of the nearest folder above a file that has a makefile; nil when there is none.
  public init?(of path: String, in tree: SourceTree) {
    let tests = "tools/testing/selftests/"
    let found = UnitList.folders(above: path).first { folder in
      folder.hasPrefix("tools/") && folder + "/" != tests && Files.exists("\(tree.path)/\(folder)/Makefile")
    }
    guard let found else { return nil }
    folder = found
    selftest = found.hasPrefix(tests) ? String(found.dropFirst(tests.count)) : nil
  }
}

/// What a build below `tools/` says.
public struct ToolBuildResult: Sendable {
  /// The compilers' and the linker's errors and warnings; one more when make fails.
  public var problems: [Diagnostic]
  /// Whether make built everything.
  public var succeeded: Bool
  /// The first line in which make itself says why it stops; nil when it does not.
  public var obstacle: String?
}

extension Kbuild {
  /// Builds a folder below `tools/` with the build machine's compiler.
  ///
  /// - Parameter folder: where it is built. What an earlier call left there is used again, except for selftests, whose
  ///   makefiles do not know which headers they depend on.
  /// - Throws: `Failure(.unavailable)` when make cannot run; `Failure(.interrupted)`.
  public func build(
    _ build: ToolBuild, in tree: SourceTree, at folder: String
  ) async throws(Failure) -> ToolBuildResult {
    let output = "\(folder)/\(build.folder.split(separator: "/").joined(separator: "-"))"
    var arguments = ["-k", "-j\(jobs)", "--output-sync=target", "-C"]
    if let target = build.selftest {
      try Files.remove(output)
      try Files.makeFolder(output)
      // Selftests include the headers of the kernel they come with.
      try await requireSuccess(
        command(["-s", "-j\(jobs)", "-C", tree.path, "O=\(output)", "headers"], tree, writing: folder),
        to: "install the headers that selftests include")
      arguments += ["\(tree.path)/tools/testing/selftests", "TARGETS=\(target)", "O=\(output)"]
    } else {
      try Files.makeFolder(output)
      arguments += ["\(tree.path)/\(build.folder)", "O=\(output)"]
    }
    let make = command(arguments, tree, writing: folder)
    let outcome = try await run(make)
    guard case .exited = outcome.termination else { throw failure(of: make, outcome, to: "build \(build.folder)") }
    let text = outcome.text + "\n" + outcome.errorText
    var problems = Diagnostic.ofTools(text, building: build.folder, in: tree)
    if !outcome.succeeded {
      problems.append(
        Diagnostic(file: build.folder + "/Makefile", severity: .error, message: "make fails in \(build.folder)"))
    }
    let obstacle = text.split(separator: "\n").first { $0.contains("***") && !$0.contains("] Error ") }
    return ToolBuildResult(
      problems: problems, succeeded: outcome.succeeded, obstacle: obstacle.map(String.init))
  }

  /// What an interpreter says of a script's syntax. Perl runs what the script has in `BEGIN` and `use`; the others run
  /// nothing.
  public func syntaxProblems(
    of path: String, by interpreter: Interpreter, in tree: SourceTree
  ) async throws(Failure) -> [Diagnostic] {
    var sandbox = sandbox
    sandbox?.readable = [tree.path]
    let outcome = try await run(
      Command(
        interpreter.program, interpreter.arguments + ["./" + path], environment: Self.environment,
        clearEnvironment: true,
        directory: tree.path, sandbox: sandbox))
    if outcome.succeeded { return [] }
    let said = outcome.errorText.split(separator: "\n").last { !$0.allSatisfy(\.isWhitespace) } ?? "cannot be read"
    let line = outcome.errorText.firstMatch(of: #/line (\d+)/#).flatMap { Int($0.1) }
    // The message is the same wherever the line is.
    let message = said.replacing(#/,? ?(at \S+ )?line \d+\.?|: \d+(?=:)/#, with: "")
    return [Diagnostic(file: path, line: line, severity: .error, message: "\(interpreter.program): \(message)")]
  }

  private func command(_ arguments: [String], _ tree: SourceTree, writing folder: String) -> Command {
    Command(
      "make", arguments, environment: Self.environment, clearEnvironment: true,
      sandbox: sandbox(reading: tree, writing: folder))
  }
}

/// A program that can check the syntax of a script.
public struct Interpreter: Sendable, Hashable {
  let program: String
  let arguments: [String]

  /// The interpreter of a file: by its first line, else by its suffix; nil when the file is no script of a known kind.
  public init?(of path: String, in tree: SourceTree) {
    guard let bytes = Files.readRegular("\(tree.path)/\(path)") else { return nil }
    let first = bytes.starts(with: "#!".utf8) ? String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self) : ""
    let words = first.dropFirst(2).split(separator: " ").map { String($0.split(separator: "/").last ?? "") }
    let named = words.first == "env" ? words.dropFirst().first { !$0.hasPrefix("-") } : words.first
    func isFor(_ name: String, _ suffix: String) -> Bool {
      named.map { $0 == name || name.hasPrefix("python") && $0.hasPrefix(name) } ?? path.hasSuffix(suffix)
    }
    if isFor("python", ".py") {
      program = "python3"
      arguments = ["-I", "-c", "import ast, sys; ast.parse(open(sys.argv[1], 'rb').read(), sys.argv[1])"]
    } else if isFor("perl", ".pl") {
      (program, arguments) = ("perl", ["-c"])
    } else if isFor("bash", ".bash") {
      (program, arguments) = ("bash", ["-n"])
    } else if isFor("sh", ".sh") {
      (program, arguments) = ("sh", ["-n"])
    } else {
      return nil
    }
  }
}

extension Diagnostic {
  /// The problems in the output of make, of compilers and of the linker.
  static func ofTools(_ text: String, building folder: String, in tree: SourceTree) -> [Diagnostic] {
    func shorten(_ path: Substring) -> String {
      if path.hasPrefix(tree.path + "/") { return TreePaths.normalized(path.dropFirst(tree.path.count + 1)) }
      let inside = "\(folder)/\(path)"
      return TreePaths.normalized(!path.hasPrefix("/") && Files.exists("\(tree.path)/\(inside)") ? inside[...] : path)
    }
    let linked = text.split(separator: "\n").compactMap { line -> Diagnostic? in
      guard let match = line.wholeMatch(of: #/.*?([^\s:\/]+\.c):.*(undefined reference to .+)/#) else { return nil }
      return Diagnostic(file: shorten(match.1), severity: .error, message: String(match.2))
    }
    var seen: Set<Diagnostic> = []
    return (Diagnostic.parse(text, shorten: shorten) + linked).filter {
      $0.severity != .note && seen.insert($0).inserted
    }
  }
}
