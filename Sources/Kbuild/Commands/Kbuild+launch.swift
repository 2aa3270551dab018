import Diagnostics
import FoundationEssentials
import Processes
import Support

extension Kbuild {
  /// The time limit of one unit through the launcher. Engines may wait for a server that never answers.
  private static let launchLimit = Duration.seconds(300)

  /// The result of trying a unit through the launcher.
  enum Launch {
    case built(CompileResult)
    /// The launcher failed or printed something; its outcome holds the compiler's messages as well.
    case failed(Outcome)
    /// The unit was not handed to the launcher.
    case left
  }

  /// Compiles a unit through the launcher.
  func launch(
    _ command: CompileCommand, by launcher: Launcher, in lane: PreparedLane, overlay: Overlay?, scratch: String,
    keepObject: Bool, timeLimit: Duration?
  ) async throws(Failure) -> Launch {
    guard lane.lane.usesLLVM, launcher.isTrusted, let steps = SelfContained(command) else { return .left }
    let folder = "\(scratch)/\(UUID().uuidString)"
    try Files.makeFolder(folder)
    defer { try? Files.remove(folder) }
    let dependencyFile = folder + "/dependencies"
    let view = lane.view(overlay)
    let paths = TreePaths(source: lane.source.path, build: lane.build)
    let check = try await run(
      compiler(view.words(steps.checking + [command.input], of: lane), directory: command.directory),
      timeLimit: timeLimit)
    guard check.succeeded, check.error.isEmpty else { return .left }
    let first = try await run(
      compiler(
        view.words(steps.preprocessing + ["-Wp,-MMD,\(dependencyFile)", "-o", "-", command.input], of: lane),
        directory: command.directory), timeLimit: timeLimit)
    guard first.succeeded, first.error.isEmpty else { return .left }

    // The name is part of ccache's key and appears in distcc's log.
    let name = command.source.split(separator: "/").last?.dropLast(2) ?? "unit"
    let text = "\(folder)/\(name).i"
    try Files.write(Array(steps.definitions.utf8) + first.output, to: text)
    let log = folder + "/log"
    let second = try await run(
      launcher.command(
        steps.compiling + CommitView.diagnosticOptions(llvm: true) + ["-o", "\(name).o", "\(name).i"], text: text,
        log: log,
        directory: folder), timeLimit: timeLimit ?? Self.launchLimit)
    guard second.succeeded, second.error.isEmpty, let object = Files.read("\(folder)/\(name).o") else {
      return .failed(second)
    }
    launcher.built(log: Files.read(log))
    return .built(
      CompileResult(
        termination: second.termination, diagnostics: [], text: "",
        seconds: check.seconds + first.seconds + second.seconds,
        dependencies: dependencies(dependencyFile, paths), object: keepObject ? object : nil))
  }
}
