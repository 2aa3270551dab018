import Diagnostics
import Processes

/// The style and documentation checkers that a kernel tree carries for its own patches, run from that tree.
///
/// Their findings do not depend on the machine: they see no git repository, no user configuration and no optional
/// dictionary. They write nothing into the tree.
public struct KernelScripts: Sendable, Hashable {
  /// The tree whose scripts are run: a series' base.
  public var source: SourceTree

  /// The scripts of `source`.
  public init(_ source: SourceTree) {
    self.source = source
  }

  /// The variables that the scripts inherit: the search path, and a home folder without the user's files.
  static func environment(home: String) -> [String: String] {
    let path = Kbuild.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    return ["PATH": path, "HOME": home, "LC_ALL": "C", "PERL_HASH_SEED": "0", "PYTHONDONTWRITEBYTECODE": "1"]
  }

  /// Throws `Failure(.unavailable)` naming the package if `program` is not on `PATH`.
  static func require(_ program: String, for script: String) throws(Failure) {
    guard which(program) == nil else { return }
    throw Failure(
      .unavailable, "\(script) needs \(program), which is not on PATH", notes: DebianPackage.advice(for: program))
  }
}
