public import Diagnostics
import Processes

/// The semantic checker `sparse`, as `make C=1` runs it, for one unit of one state.
public struct Sparse: Sendable, Hashable {
  /// Identifies this sparse: its path and its version.
  public let identity: String
  /// The flags passed after Kbuild's and the compiler's.
  let flags: [String]

  /// The flags for every unit.
  ///
  /// - By default sparse stops after a hundred findings, and prints no warnings after its first error, so a unit with one
  ///   error would pass for clean. With warnings turned into errors it prints them all.
  /// - The compiler checks static assertions. Sparse 0.6.4 does not treat `__builtin_strlen` as constant and rejects the
  ///   assertions in `module_param()` and `MODULE_AUTHOR()`. The replacement is valid wherever an assertion is.
  static let common = [
    "-fmax-errors=unlimited", "-fmax-warnings=unlimited", "-Wsparse-error", "-Wdecl",
    "-D_Static_assert(...)=struct seriesmith_static_assertion",
  ]

  /// Finds the installed sparse and tests what it supports.
  ///
  /// Kernels as new as 7.1 need `__typeof_unqual__`: without it sparse stops at their first header, and they refuse such a
  /// sparse. Version 0.6.4 lacks it, so `__typeof__` replaces it, which keeps qualifiers. That adds a few findings, to a
  /// state and to the one before it alike.
  ///
  /// - Throws: `Failure(.unavailable)` naming the package when sparse is not installed.
  public static func find() async throws(Failure) -> Sparse {
    guard let path = which("sparse") else {
      throw Failure(.unavailable, "sparse is not installed or not on PATH", notes: DebianPackage.advice(for: "sparse"))
    }
    let version = try await requireSuccess(
      Command(path, ["--version"], environment: Kbuild.environment, clearEnvironment: true),
      to: "ask sparse for its version")
    let probe = "static int f(const int *q) { __typeof_unqual__(*q) v = *q; return v; }\n"
    let outcome = try await run(
      Command(path, ["-"], environment: Kbuild.environment, clearEnvironment: true, input: Array(probe.utf8)))
    let knows = !outcome.errorText.contains("error")
    return Sparse(
      identity: "\(path)\n\(version.text)", flags: common + (knows ? [] : ["-D__typeof_unqual__=__typeof__"]))
  }
}

/// The result of checking one unit with sparse.
public struct SparseResult: Sendable, Hashable {
  /// Whether sparse read the unit, and what it found.
  public enum Outcome: Sendable, Hashable {
    /// Sparse read the whole unit; the findings are all warnings, since none prevents building a kernel.
    case checked([Diagnostic])
    /// Sparse could not parse the unit, for this reason; nothing is known about the unit.
    case unreadable(String)
    /// The machine failed, not the source, for this reason; nothing is known about the unit.
    case environment(String)
  }

  /// What is known about the unit.
  public var outcome: Outcome
  /// The files of the source tree that the unit reads under sparse's macros, as sorted paths in the tree.
  public var dependencies: [String]
  /// Wall time in seconds.
  public var seconds: Double

  /// Assembles a result from its parts.
  public init(_ outcome: Outcome, dependencies: [String] = [], seconds: Double = 0) {
    self.outcome = outcome
    self.dependencies = dependencies
    self.seconds = seconds
  }
}
