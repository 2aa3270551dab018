import TreeIndex

/// What of a tree a build runs on the machine that builds: makefiles, scripts, and the programs it compiles for itself.
///
/// The answer is generous. It is not whole for headers that only other headers of such a program include.
public struct HostFiles: Sendable {
  /// Folders that are there for the build, or that have a program for it among other things.
  private var folders: Set<Substring> = []
  /// The last components of what such programs include.
  private var headers: Set<Substring> = []

  private static let whole = ["scripts/", "tools/", "usr/"]
  /// What no build runs, whatever is in it.
  private static let left = ["Documentation/", "LICENSES/", "samples/", "tools/testing/"]
  /// The suffixes of what is compiled, described or read.
  private static let plain = [".c", ".h", ".S", ".dts", ".dtsi", ".dtso", ".rst", ".txt", ".yaml", ".rs"]

  public init(_ tree: BaseTree) {
    var sources: [String] = []
    var programs: [Substring: Set<Substring>] = [:]
    for path in tree.paths where !Self.left.contains(where: path.hasPrefix) {
      if path.hasSuffix(".c") || path.hasSuffix(".h") {
        sources.append(path)
      } else if let words = Self.hostWords(path, tree) {
        programs[path.folder, default: []].formUnion(words)
      }
    }
    folders = Set(programs.keys)
    for path in sources {
      let stem = path.lastComponent.dropLast(2)
      guard Self.whole.contains(where: path.hasPrefix) || programs[path.folder]?.contains(stem) == true else {
        continue
      }
      for include in Include.all(in: tree.contents(of: path) ?? []) {
        if case .angled(let name) = include { headers.insert(name.lastComponent) }
        if case .quoted(let name) = include { headers.insert(name.lastComponent) }
      }
    }
  }

  /// Whether a build for an architecture may run what is in a file.
  public func contains(_ path: String, architecture: String) -> Bool {
    if Self.left.contains(where: path.hasPrefix) || path == "MAINTAINERS" { return false }
    return KernelSource.configures(path, architecture: architecture) || Self.whole.contains(where: path.hasPrefix)
      || folders.contains(path.folder) || headers.contains(path.lastComponent)
      || !Self.plain.contains(where: path.hasSuffix)
  }

  /// The words of a makefile that has programs for the build; nil for any other file.
  private static func hostWords(_ path: String, _ tree: BaseTree) -> [Substring]? {
    guard ["Makefile", "Kbuild"].contains(where: path.lastComponent.hasPrefix), path.contains("/"),
      let bytes = tree.contents(of: path)
    else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.contains("hostprogs") || text.contains("userprogs") else { return nil }
    return text.split { $0.isWhitespace }
  }
}
