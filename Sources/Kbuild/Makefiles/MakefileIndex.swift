/// The folders whose makefiles may list a source, for a whole tree.
///
/// Usually a folder's own makefile lists its sources. Others are listed by a folder above, by a makefile that includes the
/// folder's own, or by one that names the object or the source by its path. The answer may hold too many folders: Kbuild
/// decides what a folder really builds.
public struct MakefileIndex: Sendable {
  /// By folder, the folders of the makefiles that include one of its makefiles.
  private var includers: [String: Set<String>] = [:]
  /// By the last component of a path without its suffix: the path, and the folder whose makefile names it.
  var strangers: [String: [(path: MakefilePath, folder: String)]] = [:]
  /// The same for paths that end in a pattern ("lib/%"), with the path of the searched folder.
  var patterns: [(path: MakefilePath, folder: String)] = []
  /// By the last component of a path, the entries that list it.
  var entries: [String: [(entry: Makefile.Entry, folder: String, makefile: String)]] = [:]

  /// Reads all of a tree's makefiles, except those that Kbuild does not use.
  ///
  /// - Parameters:
  ///   - paths: the paths of all files of the tree.
  ///   - contents: returns the bytes of a file; called for makefiles only.
  public init(paths: [String], contents: (String) -> [UInt8]?) {
    let names = paths.filter(Self.isMakefile)
    var byName: [Substring: [String]] = [:]
    for name in names { byName[Self.last(name), default: []].append(name) }
    for name in names {
      guard let text = contents(name) else { continue }
      let makefile = Makefile(path: name, text: text)
      for path in makefile.includes {
        for included in Self.matches(path, names, byName, from: makefile.folder) {
          includers[Self.folder(included), default: []].insert(makefile.folder)
        }
      }
      for path in makefile.strangers {
        if Self.last(path.path).contains("%") {
          patterns.append((MakefilePath(path: Self.folder(path.path), isWhole: path.isWhole), makefile.folder))
        } else {
          strangers[String(Self.last(path.path)), default: []].append((path, makefile.folder))
        }
      }
      for entry in makefile.entries {
        entries[String(Self.last(entry.name.path)), default: []].append((entry, makefile.folder, name))
      }
    }
  }

  /// The folders whose makefiles may list `source`: those above it first, the nearest first.
  public func folders(listing source: String) -> [String] {
    let above = UnitList.folders(above: source)
    var found = Set(above)
    let stem = Self.stem(source)
    let name = String(Self.last(stem))
    for (path, folder) in strangers[name] ?? [] where path.matches(stem) { found.insert(folder) }
    if let own = above.first {
      for (path, folder) in patterns where !path.path.isEmpty && path.matches(own) { found.insert(folder) }
    }
    var pending = Array(found)
    while let folder = pending.popLast() {
      for includer in includers[folder] ?? [] where found.insert(includer).inserted { pending.append(includer) }
    }
    return above + found.subtracting(above).sorted()
  }

  /// The makefiles that an `include` may mean. A wholly unknown path is taken to lie below the including makefile.
  private static func matches(
    _ path: MakefilePath, _ all: [String], _ byName: [Substring: [String]], from folder: String
  ) -> [String] {
    if path.isWhole || path.path.contains("/") { return (byName[last(path.path)] ?? []).filter(path.matches) }
    return all.filter { $0.hasPrefix(folder + "/") && (path.path.isEmpty || last($0) == path.path) }
  }

  private static func isMakefile(_ path: String) -> Bool {
    let name = last(path)
    guard name.hasPrefix("Makefile") || name.hasPrefix("Kbuild") || name.hasSuffix(".mk") else { return false }
    // Kbuild builds neither folder.
    return !path.hasPrefix("tools/") && !path.hasPrefix("Documentation/")
  }

  // MARK: Paths

  static func last(_ path: String) -> Substring {
    let path = path.hasSuffix("/") ? path.dropLast() : path[...]
    return path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path
  }

  static func folder(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }

  static func stem(_ path: String) -> String {
    path.lastIndex(of: ".").map { String(path[..<$0]) } ?? path
  }
}
