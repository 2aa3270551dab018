extension TreeIndex {
  /// The files that include any of `headers`, directly or through others, without `headers` themselves.
  ///
  /// It errs towards more files, so a file that is not in the result does not include them: conditions are not
  /// evaluated; a path not found elsewhere matches every file whose path ends with it, as an `-I` may lead there; and
  /// `#include MACRO` may mean any header of the includer's folder.
  ///
  /// - Parameters:
  ///   - changed: the includes of files that differ from the index; nil for a deleted file.
  ///   - architecture: the folder under `arch/` whose headers apply; nil for all. Files of other architectures are left
  ///     out.
  public func includers(
    of headers: Set<String>, changed: [String: [Include]?] = [:], architecture: String? = nil
  ) -> Set<String> {
    let resolver = IncludeResolver(known: known, architecture: architecture)
    var reached: Set<String> = []
    var wanted = headers
    while !wanted.isEmpty {
      let components = Set(wanted.map(\.lastComponent))
      let byComponent = Dictionary(grouping: wanted, by: \.lastComponent)
      let byFolder = Dictionary(grouping: wanted.filter { $0.hasSuffix(".h") }, by: \.folder)
      let isKnown = { path in reached.contains(path) || headers.contains(path) || !resolver.belongs(path) }
      var candidates = includers(naming: components) { changed[$0] != nil || isKnown($0) }
      for case (let path, .some(let includes)) in changed where !isKnown(path) { candidates.append((path, includes)) }
      var found: Set<String> = []
      for (path, includes) in candidates {
        let reaches = includes.contains { include in
          switch include {
          case .computed: byFolder[path.folder] != nil
          case .quoted(let name):
            (byComponent[name.lastComponent] ?? []).contains { resolver.quoted(name, in: path, means: $0) }
          case .angled(let name): (byComponent[name.lastComponent] ?? []).contains { resolver.angled(name, means: $0) }
          }
        }
        if reaches { found.insert(path) }
      }
      reached.formUnion(found)
      wanted = found
    }
    return reached
  }
}

extension TreeIndex {
  /// The headers that a header includes, directly or through others, as far as their paths tell. Conditions are not
  /// evaluated; a header that only a compiler's `-I` finds is left out.
  ///
  /// - Parameters:
  ///   - changed: the includes of files that differ from the index; nil for a deleted file.
  ///   - architecture: the folder under `arch/` whose headers apply.
  public func included(
    by header: String, changed: [String: [Include]?] = [:], architecture: String
  ) -> Set<String> {
    let resolver = IncludeResolver(known: known, architecture: architecture)
    var found: Set<String> = []
    var waiting = [header]
    while let path = waiting.popLast() {
      for include in (changed[path] ?? includes(of: path)) ?? [] {
        guard let file = resolver.file(include, in: path), file != header, found.insert(file).inserted else { continue }
        waiting.append(file)
      }
    }
    return found
  }
}

/// Decides which files of the tree an `#include` can mean.
struct IncludeResolver {
  private let known: Set<String>
  private let architecture: String?
  /// The folders that Kbuild searches first, for every file.
  private let roots: [String]

  init(known: Set<String>, architecture: String?) {
    self.known = known
    self.architecture = architecture
    let folders = architecture.map { ["arch/\($0)/include"] } ?? []
    roots = (folders + ["include"]).flatMap { [$0, $0 + "/uapi"] }
  }

  /// Whether a file can belong to the architecture.
  func belongs(_ path: String) -> Bool {
    guard let architecture, path.hasPrefix("arch/") else { return true }
    return path.hasPrefix("arch/\(architecture)/")
  }

  /// The file that an `#include` means; nil if it is not found beside the includer or where Kbuild looks first.
  func file(_ include: Include, in path: String) -> String? {
    switch include {
    case .computed: return nil
    case .quoted(let name):
      let beside = Self.normalized("\(path.folder)/\(name)")
      return known.contains(beside) ? beside : file(.angled(name), in: path)
    case .angled(let name):
      let generic =
        name.hasPrefix("asm/") ? ["include", "include/uapi"].map { "\($0)/asm-generic/\(name.dropFirst(4))" } : []
      return (roots.map { "\($0)/\(name)" } + generic).first(where: known.contains)
    }
  }

  func quoted(_ name: String, in path: String, means header: String) -> Bool {
    let beside = Self.normalized("\(path.folder)/\(name)")
    if beside == header { return true }
    return !known.contains(beside) && angled(name, means: header)
  }

  func angled(_ name: String, means header: String) -> Bool {
    if architecture == nil, header.hasPrefix("arch/"), header.hasSuffix("/\(name)") { return true }
    var isFound = false
    for root in roots {
      let path = "\(root)/\(name)"
      if path == header { return true }
      isFound = isFound || known.contains(path)
    }
    if isFound && architecture != nil { return false }
    // Where an architecture lacks a header, Kbuild generates one that includes the generic header.
    if name.hasPrefix("asm/"), header == "include/asm-generic/\(name.dropFirst(4))" { return true }
    if name.hasPrefix("asm/"), header == "include/uapi/asm-generic/\(name.dropFirst(4))" { return true }
    if isFound { return false }
    let tail = name.split(separator: "/").filter { $0 != ".." && $0 != "." }.joined(separator: "/")
    return header == tail || header.hasSuffix("/\(tail)")
  }

  private static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", !parts.isEmpty { parts.removeLast() } else { parts.append(part) }
    }
    return parts.joined(separator: "/")
  }
}
