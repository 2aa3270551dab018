import Diagnostics

/// The source of a kernel.
public enum KernelSource: Sendable, Hashable {
  /// The release that Seriesmith's own series are based on, `KernelStore.embedded`.
  case embedded
  /// The newest release that equals or begins with this version: "7.1.3", "7.2".
  case release(String)
  /// The path of a kernel's source tarball.
  case archive(String)
  /// The path of a kernel's source folder.
  case folder(String)
}

/// A kernel in the cache.
public struct Kernel: Sendable, Hashable {
  /// The path of a bare git repository whose branch `master` is a single commit of the kernel's tree.
  public var repository: String
  /// The release that the tree's Makefile declares: "7.1.3", "7.2.0-rc4".
  public var release: String
  /// The id of the commit. Importing the same tree gives the same id anywhere and at any time.
  public var commit: String
  /// Why this is not the requested release; nil when it is.
  public var fallback: String?
}

/// The version in a kernel's top-level Makefile.
public enum Release {
  /// The release that `makefile` declares, as `make kernelversion` prints it; nil for any other Makefile.
  public static func of(makefile: String) -> String? {
    var values: [Substring: Substring] = [:]
    for line in makefile.split(separator: "\n", maxSplits: 20).prefix(20) {
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      values[trimmed(parts[0])] = trimmed(parts[1])
    }
    guard let version = values["VERSION"], let level = values["PATCHLEVEL"], let extra = values["EXTRAVERSION"],
      !version.isEmpty, !level.isEmpty, version.allSatisfy(\.isNumber), level.allSatisfy(\.isNumber)
    else { return nil }
    let sublevel = values["SUBLEVEL"] ?? ""
    return "\(version).\(level)" + (sublevel.isEmpty ? "" : ".\(sublevel)") + extra
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
