public import Diagnostics
public import Kbuild

/// Compiles units in one lane. Tests put their own in place of the kernel's.
public protocol UnitCompiler: Sendable {
  /// The lane's name.
  var lane: String { get }
  /// The folder under `arch/` that the lane compiles.
  var architecture: String { get }
  /// Everything a compilation here depends on, besides the sources and the command.
  var identity: String { get }

  /// The lane's configuration.
  var configuration: Configuration { get }

  /// A command as it reads in every checkout and build folder.
  func form(of command: CompileCommand) -> [String]

  /// How the lane compiles each source: a command for each object made of it, none when its configuration builds none.
  func commands(for sources: [String]) async throws(Failure) -> [String: [CompileCommand]]

  /// The files among these that Kbuild reads to configure the lane, to find out what it builds, and to build its tools.
  func reads(_ paths: [String]) async throws(Failure) -> Set<String>

  /// Builds what Kbuild would generate before it compiles the objects.
  func makePrerequisites(of objects: [String]) async throws(Failure)

  /// Compiles a unit as a state has it; state 0 is the base.
  func compile(_ command: CompileCommand, at state: Int) async throws(Failure) -> UnitOutcome

  /// Compiles a unit with some files of the lane's tree replaced, nil for a file that is gone; nil where the compiler
  /// cannot.
  func compile(
    _ command: CompileCommand, with files: [String: [UInt8]?]
  ) async throws(Failure) -> CompileResult?

  /// What the kernel's modpost says about images and modules, when everything else exports what `symvers` lists in the
  /// format of `Module.symvers`.
  func modpost(_ links: [PartialLink], symvers: String) async throws(Failure) -> [ModpostMessage]

  /// The sources of a module's objects, sorted; the module is named as in `LinkTarget`.
  func sources(of module: String) async throws(Failure) -> [String]
}

/// The outcome of compiling a unit.
public enum UnitOutcome: Hashable, Sendable {
  /// The compiler ran to its end, with or without errors.
  case finished(UnitResult)
  /// An included file does not exist, and may have to be generated first. Nothing is known yet.
  case missesFile(UnitResult)
  /// The machine failed, not the source: a killed compiler, a full disk. Nothing is known about the unit.
  case environment(String)
}

/// What a compiler, or sparse in its place, reported about a unit.
public struct UnitResult: Hashable, Sendable, Codable {
  /// Whether the unit compiled, or sparse could read it.
  public var succeeded: Bool
  /// Errors, warnings and notes, as reported.
  public var diagnostics: [Diagnostic]
  /// The files of the tree the compiler read; empty when it failed.
  public var dependencies: Set<String>
  /// What the object means to the link; nil when the compiler failed, or when its output is not an ELF object.
  public var symbols: ObjectSymbols?
  /// The object file; nil when the compiler failed or the result comes from a store.
  public var object: [UInt8]?
  /// Wall time in seconds.
  public var seconds: Double

  /// - Parameters:
  ///   - dependencies: the files of the tree the compiler read; empty when it failed.
  ///   - symbols: what the object means to the link; nil when there is no ELF object.
  ///   - object: the object file, if there is one.
  ///   - seconds: wall time.
  public init(
    succeeded: Bool, diagnostics: [Diagnostic], dependencies: Set<String>, symbols: ObjectSymbols? = nil,
    object: [UInt8]? = nil, seconds: Double = 0
  ) {
    self.succeeded = succeeded
    self.symbols = symbols
    self.object = object
    self.diagnostics = diagnostics
    self.dependencies = dependencies
    self.seconds = seconds
  }

  private enum CodingKeys: CodingKey { case succeeded, diagnostics, dependencies, symbols, seconds }

  /// Whether the unit compiled without a warning.
  var isClean: Bool { succeeded && !diagnostics.contains { $0.severity != .note } }
}
