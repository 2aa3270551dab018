public import Diagnostics
import FoundationEssentials
import Processes
import Support

extension Kbuild {
  /// Lays changed files over the source tree of some lanes, in the form that their compilers read.
  ///
  /// - Parameters:
  ///   - changes: by path in the tree, the new bytes of changed and added files, nil for deleted ones.
  ///   - folder: the absolute path of a folder that nothing else uses. The caller removes it.
  /// - Throws: `Failure(.unavailable)` when the files cannot be written; `Failure(.interrupted)`.
  public func overlay(
    _ changes: [String: [UInt8]?], over source: SourceTree, for lanes: [PreparedLane], in folder: String
  ) async throws(Failure) -> Overlay {
    var overlay = try Overlay(changes, over: source, in: folder)
    if lanes.contains(where: { !$0.lane.usesLLVM }) { try await overlay.copy(source, with: changes, in: folder) }
    return overlay
  }

  /// Compiles one unit as Kbuild does, down to machine code, with `overlay` over the source tree.
  ///
  /// The object goes to a scratch file and is removed. Only code generation reports a BUILD_BUG_ON that fires or a stack
  /// frame that is too large, and gives the object's symbols. The lane does not change, so any number of compilations may
  /// run at once.
  ///
  /// - Parameters:
  ///   - command: how the unit is compiled, from `commands` or `build`.
  ///   - overlay: the files that differ from the lane's source tree; nil when none do.
  ///   - scratch: the absolute path of an existing folder for the output.
  ///   - keepObject: whether the result holds the object file.
  /// - Throws: `Failure(.unavailable)` when the compiler cannot be started; `Failure(.interrupted)`. A unit that does not
  ///   compile is not an error.
  public func compile(
    _ command: CompileCommand, in lane: PreparedLane, overlay: Overlay? = nil, scratch: String,
    keepObject: Bool = false, timeLimit: Duration? = nil
  ) async throws(Failure) -> CompileResult {
    guard let launcher, sandbox == nil else {
      launcher?.builtHere()
      return try await compileHere(
        command, in: lane, overlay: overlay, scratch: scratch, keepObject: keepObject, timeLimit: timeLimit)
    }
    let launch = try await launch(
      command, by: launcher, in: lane, overlay: overlay, scratch: scratch, keepObject: keepObject, timeLimit: timeLimit)
    if case .built(let result) = launch { return result }
    let result = try await compileHere(
      command, in: lane, overlay: overlay, scratch: scratch, keepObject: keepObject, timeLimit: timeLimit)
    launcher.builtHere()
    if case .failed(let outcome) = launch, result.succeeded, result.text.isEmpty,
      let note = launcher.failed(outcome, command.source)
    {
      progress.report(.note(note))
    }
    return result
  }

  private func compileHere(
    _ command: CompileCommand, in lane: PreparedLane, overlay: Overlay?, scratch: String, keepObject: Bool,
    timeLimit: Duration?
  ) async throws(Failure) -> CompileResult {
    let folder = "\(scratch)/\(UUID().uuidString)"
    let (object, dependencyFile) = (folder + "/unit.o", folder + "/unit.d")
    try Files.makeFolder(folder)
    defer { try? Files.remove(folder) }
    let view = lane.view(overlay)
    var compiler = compiler(
      view.words(command.arguments + ["-Wp,-MMD,\(dependencyFile)", "-o", object, command.input], of: lane),
      directory: command.directory)
    compiler.sandbox = sandbox(reading: view.source, writing: folder)
    let outcome = try await run(compiler, timeLimit: timeLimit)
    let paths = TreePaths(source: view.source.path, build: lane.build)
    return CompileResult(
      termination: outcome.termination,
      diagnostics: Diagnostic.parse(outcome.errorText) { paths.short($0) },
      text: outcome.errorText, seconds: outcome.seconds, dependencies: dependencies(dependencyFile, paths),
      object: keepObject && outcome.succeeded ? Files.read(object) : nil)
  }

  /// The command that runs the compiler `words[0]`.
  func compiler(_ words: [String], directory: String) -> Command {
    Command(
      words.first ?? "cc", Array(words.dropFirst()), environment: Self.environment, clearEnvironment: true,
      directory: directory)
  }

  /// The files of the source tree that a dependency file names, sorted; empty if the file is missing.
  func dependencies(_ file: String, _ paths: TreePaths) -> [String] {
    var read: Set<String> = []
    for file in Files.read(file).map({ DependencyFile.files(String(decoding: $0, as: UTF8.self)) }) ?? [] {
      if case .source(let path) = paths.locate(file) { read.insert(path) }
    }
    return read.sorted()
  }
}

/// What a lane's compiler reads of a commit, and how it is told so.
struct CommitView {
  /// The tree that it is given paths of.
  var source: SourceTree
  /// Its options.
  var options: [String]

  /// The words of one of the lane's commands, for this view.
  func words(_ words: [String], of lane: PreparedLane) -> [String] {
    let words = source == lane.source ? words : words.map { $0.replacing(lane.source.path, with: source.path) }
    return words + options
  }

  /// Options that leave out source lines and carets, and report every error.
  static func diagnosticOptions(llvm: Bool) -> [String] {
    llvm
      ? ["-fno-caret-diagnostics", "-fno-color-diagnostics", "-fno-diagnostics-fixit-info", "-ferror-limit=0"]
      : ["-fno-diagnostics-show-caret", "-fdiagnostics-color=never"]
  }
}

extension PreparedLane {
  /// The lane's source tree with a commit's changes.
  func view(_ overlay: Overlay?) -> CommitView {
    let options = CommitView.diagnosticOptions(llvm: lane.usesLLVM)
    guard let overlay else { return CommitView(source: source, options: options) }
    guard !lane.usesLLVM, let tree = overlay.tree else {
      return CommitView(source: source, options: options + ["-ivfsoverlay", overlay.path])
    }
    return CommitView(source: SourceTree(path: tree, tree: source.tree), options: options)
  }
}
