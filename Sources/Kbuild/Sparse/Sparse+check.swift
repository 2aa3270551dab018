public import Diagnostics
import FoundationEssentials
import Processes
import Support

extension Kbuild {
  /// Checks one unit with sparse as `make C=1` does, with `overlay` over the source tree.
  ///
  /// The lane's compiler lists the files that the unit reads under sparse's macros, such as `__CHECKER__`. Sparse then reads
  /// these files and does its own preprocessing. The lane does not change, so any number of checks may run at once.
  ///
  /// - Parameters:
  ///   - command: how the unit is compiled, from `build`.
  ///   - flags: the lane's flags, from `checkFlags`.
  ///   - overlay: the files that differ from the lane's source tree; nil when none do.
  ///   - scratch: the absolute path of an existing folder.
  /// - Throws: `Failure(.unavailable)` when a program cannot be started or a file cannot be written;
  ///   `Failure(.interrupted)`. A unit that sparse cannot read is not an error.
  public func sparse(
    _ command: CompileCommand, with sparse: Sparse, flags: [String], in lane: PreparedLane, overlay: Overlay? = nil,
    scratch: String, timeLimit: Duration? = nil
  ) async throws(Failure) -> SparseResult {
    let start = ContinuousClock.now
    let folder = "\(scratch)/sparse-\(UUID().uuidString)"
    defer { try? Files.remove(folder) }
    try Files.makeFolder(folder)
    let tree = folder + "/tree"
    let paths = TreePaths(source: lane.source.path, build: lane.build)
    let arguments = SparseArguments(command, paths: paths) { $0.isEmpty ? tree : "\(tree)/\($0)" }
    func result(_ outcome: SparseResult.Outcome, _ dependencies: [String] = []) -> SparseResult {
      SparseResult(outcome, dependencies: dependencies, seconds: (ContinuousClock.now - start) / .seconds(1))
    }
    func program(_ name: String, _ arguments: [String]) async throws(Failure) -> Processes.Outcome {
      try await run(
        Command(
          name, arguments, environment: Self.environment, clearEnvironment: true, directory: command.directory,
          sandbox: self.sandbox(reading: lane.source, writing: folder)), timeLimit: timeLimit)
    }

    let macros = folder + "/macros.h"
    let predefined = try await program("sparse", flags + arguments.plain + ["-dM", "-E", "/dev/null"])
    try Files.write(SparseOutput.definitions(predefined.text).utf8, to: macros)
    let list = folder + "/files.d"
    // With the compiler's own macros, the headers would take the branches for that compiler.
    var listing = command.arguments.dropFirst().filter { $0 != "-c" }
    listing += ["-undef", "-imacros", macros, "-w", "-M", "-MF", list]
    let commit = lane.view(overlay)
    let commitPaths = TreePaths(source: commit.source.path, build: lane.build)
    let listed = try await program(
      command.arguments.first ?? "cc", commit.words(listing + [command.input], of: lane))
    guard listed.succeeded else {
      return result(SparseOutput.outcome(ofListing: listed) { commitPaths.short($0) })
    }
    let files = DependencyFile.files(String(decoding: Files.read(list) ?? [], as: UTF8.self))
    var read: Set<String> = []
    for file in files {
      if case .source(let path) = commitPaths.locate(file) { read.insert(path) }
    }
    let dependencies = read.sorted()
    let view = try SparseTree(dependencies, of: lane.source, overlay: overlay, in: tree)

    var input = command.input
    if case .source(let path) = paths.locate(input) { input = "\(view.path)/\(path)" }
    let unit = folder + "/unit.c"
    try Files.write(SparseOutput.wrapper(input).utf8, to: unit)
    let checked = try await program("sparse", flags + arguments.all + sparse.flags + [unit])
    let viewPaths = TreePaths(source: view.path, build: lane.build)
    let output = SparseOutput(checked.errorText.replacing(view.path + "/", with: "")) { path in
      // Paths in the tree are short already.
      path.hasPrefix("/") || path.hasPrefix("./") ? viewPaths.short(path) : String(path)
    }
    return result(output.outcome(checked.termination), dependencies)
  }
}
