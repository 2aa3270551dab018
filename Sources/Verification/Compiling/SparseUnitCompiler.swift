import Diagnostics
import Kbuild

/// Runs sparse over units of a lane in place of its compiler.
///
/// When sparse cannot read a unit, the result is a failure with that one error; nothing else is known about the unit.
final class SparseUnitCompiler: UnitCompiler {
  private let units: KbuildUnitCompiler
  private let sparse: Sparse
  private let flags: [String]

  init(_ units: KbuildUnitCompiler, sparse: Sparse) async throws(Failure) {
    (self.units, self.sparse) = (units, sparse)
    flags = try await units.checkFlags()
  }

  var lane: String { units.lane }
  var architecture: String { units.architecture }
  var identity: String { VerdictKey([units.identity, sparse.identity] + units.form(of: flags)).digest }

  var configuration: Configuration { units.configuration }

  func form(of command: CompileCommand) -> [String] { units.form(of: command) }

  func commands(for sources: [String]) async throws(Failure) -> [String: [CompileCommand]] {
    try await units.commands(for: sources.filter { $0.hasSuffix(".c") })
  }

  func reads(_ paths: [String]) async throws(Failure) -> Set<String> { try await units.reads(paths) }

  func makePrerequisites(of objects: [String]) async throws(Failure) {
    try await units.makePrerequisites(of: objects)
  }

  func compile(
    _ command: CompileCommand, with files: [String: [UInt8]?]
  ) async throws(Failure) -> CompileResult? { try await units.compile(command, with: files) }

  func modpost(_ links: [PartialLink], symvers: String) async throws(Failure) -> [ModpostMessage] {
    try await units.modpost(links, symvers: symvers)
  }

  func sources(of module: String) async throws(Failure) -> [String] { try await units.sources(of: module) }

  func compile(_ command: CompileCommand, at state: Int) async throws(Failure) -> UnitOutcome {
    let result = try await units.check(command, with: sparse, flags, at: state)
    func finished(_ diagnostics: [Diagnostic], succeeded: Bool) -> UnitOutcome {
      .finished(
        UnitResult(
          succeeded: succeeded, diagnostics: diagnostics, dependencies: Set(result.dependencies),
          seconds: result.seconds))
    }
    switch result.outcome {
    case .checked(let diagnostics): return finished(diagnostics, succeeded: true)
    case .unreadable(let reason):
      let message = "sparse cannot read this unit: \(reason)"
      return finished([Diagnostic(file: command.source, severity: .error, message: message)], succeeded: false)
    case .environment(let reason): return .environment(reason)
    }
  }
}
