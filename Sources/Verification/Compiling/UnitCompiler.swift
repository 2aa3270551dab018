public import Diagnostics
public import Kbuild

/// What compiles units in one lane. Tests put their own in place of the kernel's.
public protocol UnitCompiler: Sendable {
  /// The lane's name.
  var lane: String { get }
  /// The folder under `arch/` that the lane compiles.
  var architecture: String { get }
  /// Everything a compilation here depends on, besides the sources and the command.
  var identity: String { get }

  /// How the lane compiles each source: a command for each object made of it, none where its configuration has none.
  func commands(for sources: [String]) async throws(Failure) -> [String: [CompileCommand]]

  /// Makes what Kbuild would generate before it compiles the objects.
  func makePrerequisites(of objects: [String]) async throws(Failure)

  /// Compiles a unit as a state has it; state 0 is the base.
  func compile(_ command: CompileCommand, at state: Int) async throws(Failure) -> UnitOutcome
}

/// What came of compiling a unit.
public enum UnitOutcome: Hashable, Sendable {
  case finished(UnitResult)
  /// A file that is to be included does not exist, and may have to be generated first. Nothing is known yet.
  case missesFile(UnitResult)
  /// The machine failed, not the source: a killed compiler, a full disk. Nothing is known about the unit.
  case environment(String)
}

/// What a compiler said of a unit.
public struct UnitResult: Hashable, Sendable, Codable {
  public var succeeded: Bool
  public var diagnostics: [Diagnostic]
  /// The files of the tree the compiler read; empty when it failed.
  public var dependencies: Set<String>
  /// What the object means to the link; nil when the compiler failed, or when its output is no ELF object.
  public var symbols: ObjectSymbols?
  /// Wall time in seconds.
  public var seconds: Double

  public init(
    succeeded: Bool, diagnostics: [Diagnostic], dependencies: Set<String>, symbols: ObjectSymbols? = nil,
    seconds: Double = 0
  ) {
    self.succeeded = succeeded
    self.symbols = symbols
    self.diagnostics = diagnostics
    self.dependencies = dependencies
    self.seconds = seconds
  }

  /// Whether the compiler had nothing to say.
  var isClean: Bool { succeeded && !diagnostics.contains { $0.severity != .note } }
}
