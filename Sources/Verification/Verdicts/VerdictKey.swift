import Kbuild
import Support

/// Everything a stored answer depends on, in 64 hexadecimal digits.
public struct VerdictKey: Hashable, Sendable {
  /// A SHA-256 in hexadecimal.
  public let digest: String

  /// The key with a digest computed before.
  init(digest: String) { self.digest = digest }

  /// The key of a list of words. Each word's length goes in, so that no two lists share a key.
  public init(_ words: some Sequence<String>) {
    let hash = SHA256()
    for word in words {
      hash.update("\(word.utf8.count):\(word)".utf8)
    }
    digest = hash.digest().hexadecimal
  }

  /// The key of what is known about a unit, which is the same wherever the checkout and the lane's folder are. What
  /// depends on the tree's files as well is told apart below it (`StoredCompiler`).
  init(unit command: CompileCommand, compiledBy compiler: any UnitCompiler) {
    self.init(["unit", "5", compiler.identity, command.source, command.object] + compiler.form(of: command))
  }

  /// Tells this build of the program from any other, wherever a copy of it runs, for answers that depend on how the
  /// program computes them.
  public static let program = digest(of: Files.read("/proc/self/exe") ?? [])

  /// The SHA-256 of `bytes`, in hexadecimal.
  static func digest(of bytes: [UInt8]) -> String { SHA256.digest(of: bytes).hexadecimal }
}
