import Diagnostics
import FoundationEssentials
import Kbuild
import Processes
import Support

/// Has Sphinx read the changed documents, and those that include a changed file or its kernel-doc, with the tree's own
/// configuration.
///
/// Sphinx reads these documents alone, so what it says of others that it does not know is looked up in the tree.
struct DocumentationCheck: FileCheck {
  let scratch: String
  let sandbox: Sandbox?
  /// Sphinx and its version; nil when it is not installed.
  private let sphinx: String?

  init(scratch: String, sandbox: Sandbox?) async throws(Failure) {
    (self.scratch, self.sandbox) = (scratch, sandbox)
    sphinx =
      which(Self.program) == nil
      ? nil : try await requireSuccess(Command(Self.program, ["--version"]), to: "ask Sphinx for its version").text
  }

  let name = CheckName.documentation
  let depth = Depth.full
  var identity: String { "1 \(sphinx ?? "")" }

  static let program = "sphinx-build"
  private static let root = "Documentation/"

  func covers(_ path: String) -> Bool { path.hasPrefix(Self.root) && path.hasSuffix(".rst") }

  /// A changed source may have its kernel-doc in a document, which only the tree tells.
  func isConcerned(by state: SeriesState) -> Bool {
    state.changed.contains { covers($0) || $0.hasSuffix(".c") || $0.hasSuffix(".h") }
  }

  func look(at changed: [String], in tree: SourceTree) async throws(Failure) -> FileLook {
    var look = FileLook()
    let paths = changed.filter { covers($0) || $0.hasSuffix(".c") || $0.hasSuffix(".h") }
    guard sphinx != nil else {
      let package = DebianPackage.name(having: Self.program)
      for path in paths where covers(path) {
        look.missing[path] = .init(
          why: "\(Self.program) is not installed", needs: package.map { "apt-get install \($0)" })
      }
      return look
    }
    let gone = paths.filter { covers($0) && !Files.exists("\(tree.path)/\($0)") }
    let documents = try await documents(with: paths, in: tree)
    guard !documents.isEmpty else { return FileLook(seen: Set(gone)) }
    try Files.makeFolder(output)
    let watch = ReadWatch(paths, in: tree.path)
    // Read as a whole, the documentation also has netlink's specifications, which take half a minute.
    let folders = Dictionary(grouping: documents) {
      $0.split(separator: "/").dropLast().prefix(2).joined(separator: "/")
    }
    for (folder, documents) in folders.sorted(by: { $0.key < $1.key }) {
      let command = command(documents, below: folder, tree)
      let outcome = try await run(command)
      guard case .exited = outcome.termination else { throw failure(of: command, outcome, to: "read \(folder)") }
      if !outcome.succeeded {
        let said = outcome.errorText.split(separator: "\n").last { !$0.allSatisfy(\.isWhitespace) } ?? ""
        look.problems.append(Diagnostic(file: documents[0], severity: .error, message: "Sphinx stops: \(said)"))
      }
      for line in (outcome.text + outcome.errorText).split(separator: "\n") {
        guard let problem = Self.problem(in: line, of: tree), try await !isExplained(problem, folder, tree) else {
          continue
        }
        look.problems.append(problem)
      }
    }
    // A document that is gone is missed by those that name it.
    look.seen = watch.openedPaths().filter(covers).union(gone)
    return look
  }

  private var output: String { "\(scratch)/sphinx" }

  /// The documents to read: changed ones, those that include a changed file or its kernel-doc, and those that name a
  /// document that is gone.
  private func documents(with paths: [String], in tree: SourceTree) async throws(Failure) -> [String] {
    let present = paths.filter { covers($0) && Files.exists("\(tree.path)/\($0)") }
    let patterns = paths.map { path in
      if !path.hasPrefix(Self.root) { return ":: *\(Self.quoted(path))" }
      let name = path.split(separator: "/").last.map(String.init) ?? path
      if Files.exists("\(tree.path)/\(path)") { return "include:: .*\(Self.quoted(name))" }
      // As an entry of a toctree, or in a reference.
      let stem = path.dropLast(4).split(separator: "/").suffix(2).joined(separator: "/")
      let last = Self.quoted(String(name.dropLast(4)))
      return "^ +\(last)$|[/`<]\(last)([.]rst)?[>`]|\(Self.quoted(stem))"
    }
    return Set(present + (try await files(with: patterns, in: tree))).sorted()
  }

  /// The documents that have a line with one of some extended regular expressions.
  private func files(with patterns: [String], in tree: SourceTree) async throws(Failure) -> [String] {
    try await TreeGrep.lines("-lE", for: patterns, in: ["\(Self.root)*.rst"], of: tree.path).map(String.init)
  }

  private func command(_ documents: [String], below folder: String, _ tree: SourceTree) -> Command {
    var sandbox = sandbox
    sandbox?.readable = [tree.path]
    sandbox?.writable = [output]
    let names = documents.map { String($0.dropFirst(folder.count + 1)) }
    return Command(
      Self.program,
      [
        "-q", "-E", "-b", "dummy", "-c", "\(tree.path)/Documentation", "-d", "\(output)/doctrees",
        "-D", "include_patterns=\(names.joined(separator: ","))", "-D", "master_doc=\(names[0].dropLast(4))",
        "\(tree.path)/\(folder)", "\(output)/out",
      ],
      environment: [
        "LC_ALL": "C.UTF-8", "srctree": tree.path, "BUILDDIR": output, "KERNELVERSION": "0", "KERNELRELEASE": "0",
        "PYTHONDONTWRITEBYTECODE": "1", "HOME": "/nonexistent",
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      ], clearEnvironment: true, directory: tree.path, sandbox: sandbox)
  }

  /// A warning or an error of Sphinx: "/tree/Documentation/a.rst:12: WARNING: …".
  private static func problem(in line: Substring, of tree: SourceTree) -> Diagnostic? {
    guard let match = line.wholeMatch(of: #/([^\s:]+?):(?:(\d+):)?\s*(?:WARNING|ERROR|CRITICAL|SEVERE): (.+)/#) else {
      return nil
    }
    let path = match.1.hasPrefix(tree.path + "/") ? match.1.dropFirst(tree.path.count + 1) : match.1
    return Diagnostic(
      file: path.hasPrefix("./") ? String(path.dropFirst(2)) : String(path), line: match.2.flatMap { Int($0) },
      severity: .warning, message: String(match.3.hasSuffix(".") ? match.3.dropLast() : match.3))
  }

  /// Whether a problem is only that Sphinx was not given another document, which the tree has.
  private func isExplained(_ problem: Diagnostic, _ folder: String, _ tree: SourceTree) async throws(Failure) -> Bool {
    let message = problem.message
    if let match = message.firstMatch(of: #/(?:nonexisting|excluded) document '([^']+)'|unknown document:? '?([^' ]+)/#)
    {
      let name = match.1 ?? match.2 ?? ""
      // Sphinx names it from the folder that it was given.
      return [folder, "Documentation"].contains { Files.exists("\(tree.path)/\($0)/\(name).rst") }
    }
    if let match = message.firstMatch(of: #/undefined label: '?([\w.-]+)/#) {
      return try await !files(with: ["^[.][.] _`?\(Self.quoted(String(match.1)))`?:"], in: tree).isEmpty
    }
    guard message.contains("isn't included in any toctree"), let file = problem.file else { return false }
    let stem = file.dropLast(4).split(separator: "/").last.map(String.init) ?? file
    return try await files(with: ["^ +([a-z].*/|/)?\(Self.quoted(stem))([.]rst)?$"], in: tree).contains { $0 != file }
  }

  private static func quoted(_ text: String) -> String { text.replacing(".", with: "[.]").replacing("+", with: "[+]") }
}
