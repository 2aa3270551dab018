public import Diagnostics
public import Kbuild

/// What compiles units in one lane. Tests put their own in place of the kernel's.
public protocol UnitCompiler: Sendable {
  /// The lane's name.
  var lane: String { get }
  /// Everything a compilation here depends on, besides the sources and the command.
  var identity: String { get }

  /// What the base's own build says of each unit, given by its `.c` file.
  func baseline(of units: [String]) async throws(Failure) -> [String: UnitBaseline]

  /// Compiles a unit as the state has it.
  func compile(_ command: CompileCommand, at state: SeriesState) async throws(Failure) -> UnitOutcome
}

/// What the base's own build says of a unit.
public enum UnitBaseline: Hashable, Sendable, Codable {
  /// The lane builds it. `diagnostics` is what the compiler says at the base.
  case built(CompileCommand, diagnostics: [Diagnostic])
  /// The lane's configuration does not have it.
  case notConfigured
  /// It does not compile at the base already; `text` is what was printed.
  case failed(text: String)
}

/// What came of compiling a unit.
public enum UnitOutcome: Hashable, Sendable {
  case finished(UnitResult)
  /// The machine failed, not the source: a killed compiler, a full disk. Nothing is known about the unit.
  case environment(String)
}

/// What a compiler said of a unit.
public struct UnitResult: Hashable, Sendable, Codable {
  public var succeeded: Bool
  public var diagnostics: [Diagnostic]
  /// The files of the tree the compiler read; empty when it failed.
  public var dependencies: [String]
  /// Wall time in seconds.
  public var seconds: Double

  public init(succeeded: Bool, diagnostics: [Diagnostic], dependencies: [String], seconds: Double = 0) {
    self.succeeded = succeeded
    self.diagnostics = diagnostics
    self.dependencies = dependencies
    self.seconds = seconds
  }
}
