public import Diagnostics
import FoundationEssentials
import Processes
import Support

extension Kbuild {
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
    var compiler = compiler(
      command.arguments + ["-Wp,-MMD,\(dependencyFile)", "-o", object, command.input], overlay: overlay,
      directory: command.directory)
    compiler.sandbox = sandbox(reading: lane.source, writing: folder)
    let outcome = try await run(compiler, timeLimit: timeLimit)
    let paths = TreePaths(source: lane.source.path, build: lane.build)
    return CompileResult(
      termination: outcome.termination,
      diagnostics: Diagnostic.parse(outcome.errorText) { paths.short($0) },
      text: outcome.errorText, seconds: outcome.seconds, dependencies: dependencies(dependencyFile, in: lane),
      object: keepObject && outcome.succeeded ? Files.read(object) : nil)
  }

  /// The command that runs the compiler `words[0]`, with `overlay` over the lane's source tree.
  func compiler(_ words: [String], overlay: Overlay?, directory: String) -> Command {
    let overlay = overlay.map { ["-ivfsoverlay", $0.path] } ?? []
    return Command(
      words.first ?? "cc", words.dropFirst() + Self.diagnosticOptions + overlay, environment: Self.environment,
      clearEnvironment: true, directory: directory)
  }

  /// Leaves out source lines and carets, and reports every error.
  static let diagnosticOptions = [
    "-fno-caret-diagnostics", "-fno-color-diagnostics", "-fno-diagnostics-fixit-info", "-ferror-limit=0",
  ]

  /// The files of the source tree that a dependency file names, sorted; empty if the file is missing.
  func dependencies(_ file: String, in lane: PreparedLane) -> [String] {
    let paths = TreePaths(source: lane.source.path, build: lane.build)
    var read: Set<String> = []
    for file in Files.read(file).map({ DependencyFile.files(String(decoding: $0, as: UTF8.self)) }) ?? [] {
      if case .source(let path) = paths.locate(file) { read.insert(path) }
    }
    return read.sorted()
  }
}
