public import Diagnostics
import FoundationEssentials
import Processes

extension Kbuild {
  /// Compiles one unit as Kbuild does, down to machine code, with `overlay` over the source tree.
  ///
  /// The object goes to a scratch file and is removed. Code is generated for what only that reports, such as a
  /// BUILD_BUG_ON that fires or a stack frame that is too large, and for the object's symbols. Nothing in the lane
  /// changes, so any number may run at once.
  ///
  /// - Parameters:
  ///   - command: how the unit is compiled, from `commands` or `build`.
  ///   - overlay: what differs from the lane's source tree; nil for nothing.
  ///   - scratch: the absolute path of an existing folder for the output.
  ///   - keepObject: whether the result is to hold the object file.
  /// - Throws: `Failure(.unavailable)` when the compiler cannot be started; `Failure(.interrupted)`. A unit that does not
  ///   compile is a result.
  public func compile(
    _ command: CompileCommand, in lane: PreparedLane, overlay: Overlay? = nil, scratch: String,
    keepObject: Bool = false, timeLimit: Duration? = nil
  ) async throws(Failure) -> CompileResult {
    let base = "\(scratch)/\(UUID().uuidString)"
    let (object, dependencyFile) = (base + ".o", base + ".d")
    defer { for path in [object, dependencyFile] { try? Files.remove(path) } }
    var arguments = Array(command.arguments.dropFirst())
    // Source lines and carets only make the text longer; an error must not hide the ones after it.
    arguments += ["-fno-caret-diagnostics", "-fno-color-diagnostics", "-fno-diagnostics-fixit-info", "-ferror-limit=0"]
    if let overlay { arguments += ["-ivfsoverlay", overlay.path] }
    arguments += ["-Wp,-MMD,\(dependencyFile)", "-o", object, command.input]
    let outcome = try await run(
      Command(
        command.arguments.first ?? "cc", arguments, environment: Self.environment, clearEnvironment: true,
        directory: command.directory), timeLimit: timeLimit)

    let paths = TreePaths(source: lane.source.path, build: lane.build)
    let dependencies =
      Files.read(dependencyFile).map { DependencyFile.files(String(decoding: $0, as: UTF8.self)) } ?? []
    var read: Set<String> = []
    for file in dependencies {
      if case .source(let path) = paths.locate(file) { read.insert(path) }
    }
    return CompileResult(
      termination: outcome.termination,
      diagnostics: Diagnostic.parse(outcome.errorText) { paths.short($0) },
      text: outcome.errorText, seconds: outcome.seconds, dependencies: read.sorted(),
      object: keepObject && outcome.succeeded ? Files.read(object) : nil)
  }
}
