public import Diagnostics
import Processes

/// The semantic checker `sparse`, as `make C=1` runs it, for one unit of one state.
public struct Sparse: Sendable, Hashable {
  /// What tells this sparse from any other: its path and its version.
  public let identity: String
  /// The flags it is given after Kbuild's and the compiler's.
  let flags: [String]

  /// What it is asked for on any unit.
  ///
  /// - By default it falls silent after a hundred findings, and says no warning at all after its first error, so that a
  ///   unit with one error would pass for clean. As errors all of them are said.
  /// - The compiler checks static assertions. Sparse 0.6.4 does not take `__builtin_strlen` for constant and stumbles over
  ///   those in `module_param()` and `MODULE_AUTHOR()`. What stands in their place is valid wherever they are.
  static let common = [
    "-fmax-errors=unlimited", "-fmax-warnings=unlimited", "-Wsparse-error", "-Wdecl",
    "-D_Static_assert(...)=struct seriesmith_static_assertion",
  ]

  /// Finds the installed sparse and tries what it can do.
  ///
  /// Kernels as new as 7.1 need `__typeof_unqual__`, without which sparse stops at their first header, and refuse a sparse
  /// that does not have it. Version 0.6.4 does not: there the word is taken for `__typeof__`, which keeps qualifiers and
  /// so says a little more, of a state as of the one before it.
  ///
  /// - Throws: `Failure(.unavailable)` naming the package when there is no sparse.
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

/// What came of checking one unit with sparse.
public struct SparseResult: Sendable, Hashable {
  public enum Outcome: Sendable, Hashable {
    /// All of the unit was read; these are the findings. Each is a warning: none keeps a kernel from being built.
    case checked([Diagnostic])
    /// Sparse could not make sense of the unit, so nothing is known about it; why not.
    case unreadable(String)
    /// The machine failed, not the source; nothing is known about the unit.
    case environment(String)
  }

  public var outcome: Outcome
  /// The files of the source tree the unit is made of, as sparse sees it: paths in the tree, sorted.
  public var dependencies: [String]
  /// Wall time in seconds.
  public var seconds: Double

  public init(_ outcome: Outcome, dependencies: [String] = [], seconds: Double = 0) {
    self.outcome = outcome
    self.dependencies = dependencies
    self.seconds = seconds
  }
}
