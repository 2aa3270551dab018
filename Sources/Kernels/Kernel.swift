/// Where a kernel is to come from.
public enum KernelSource: Sendable, Hashable {
  /// The release Seriesmith's own series are written on, `KernelStore.embedded`.
  case embedded
  /// The newest release that is, or begins with, this version: "7.1.3", "7.2".
  case release(String)
  /// The path of a tarball of a kernel's source.
  case archive(String)
  /// The path of a folder with a kernel's source.
  case folder(String)
}

/// A kernel in the cache.
public struct Kernel: Sendable, Hashable {
  /// The path of a bare git repository whose branch `master` is one commit, with the kernel's tree.
  public var repository: String
  /// What the tree's Makefile says it is: "7.1.3", "7.2.0-rc4".
  public var release: String
  /// The id of the commit, the same wherever and whenever the same tree is imported.
  public var commit: String
  /// Why this is not the release asked for; nil when it is.
  public var fallback: String?
}
