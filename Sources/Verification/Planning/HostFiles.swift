import TreeIndex

/// The files of a tree that a build runs on the build machine: makefiles, scripts, and the programs it compiles for
/// itself.
///
/// The answer includes too many files rather than too few, but misses headers that only other headers of such a program
/// include.
public struct HostFiles: Sendable {
  /// Folders whose makefile has programs for the build.
  private var folders: Set<Substring> = []
  /// The file names of headers that such programs include.
  private var headers: Set<Substring> = []

  private static let whole = ["scripts/", "tools/", "usr/"]
  /// Folders from which no build runs anything.
  private static let left = ["Documentation/", "LICENSES/", "samples/", "tools/testing/"]
  /// The suffixes of files that a build compiles or reads but never runs.
  private static let plain = [".c", ".h", ".S", ".dts", ".dtsi", ".dtso", ".rst", ".txt", ".yaml", ".rs"]

  /// Reads the makefiles of the tree, and the sources of the programs for the build.
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

  /// Whether a build for an architecture may run the contents of a file.
  public func contains(_ path: String, architecture: String) -> Bool {
    if Self.left.contains(where: path.hasPrefix) || path == "MAINTAINERS" { return false }
    return KernelPaths.configures(path, architecture: architecture) || Self.whole.contains(where: path.hasPrefix)
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
