public import Diagnostics

/// Which files of the base name a word, and which local headers they include: read from the whole tree once, then kept
/// under the tree's id.
public actor SourceIndex {
  private let base: BaseTree
  private let store: VerdictStore
  /// Word to the paths that name it.
  private var known: [String: [String]] = [:]
  private var graph: IncludeGraph?

  /// - Parameter store: where results are kept between runs.
  public init(base: BaseTree, store: VerdictStore) {
    self.base = base
    self.store = store
  }

  /// The `.c` and `.h` files of the base that contain each of `words` as a whole word, sorted.
  public func paths(naming words: Set<String>) async throws(Failure) -> [String: [String]] {
    for word in words where known[word] == nil {
      if let entry = store.read(wordKey(word)) {
        known[word] = String(decoding: entry, as: UTF8.self).split(separator: "\n").map(String.init)
      }
    }
    let missing = words.filter { known[$0] == nil }
    if !missing.isEmpty {
      let scan = WordScan(missing)
      let hits = try await scanTree { scan.words(in: $0) }
      var found: [String: [String]] = Dictionary(uniqueKeysWithValues: missing.map { ($0, []) })
      for (path, words) in hits { for word in words { found[word, default: []].append(path) } }
      for (word, paths) in found {
        known[word] = paths.sorted()
        try store.write(Array(paths.sorted().joined(separator: "\n").utf8), wordKey(word))
      }
    }
    return known.filter { words.contains($0.key) }
  }

  /// As `paths(naming:)`, of the base with `overlay` laid over it.
  public func paths(
    naming words: Set<String>, overlay: FileChanges
  ) async throws(Failure) -> [String: [String]] {
    let scan = WordScan(words)
    var found = try await paths(naming: words).mapValues { $0.filter { overlay[$0] == nil } }
    for (path, state) in overlay where Self.isKernelSource(path) {
      for word in scan.words(in: state.bytes ?? []) { found[word, default: []].append(path) }
    }
    return found.mapValues { $0.sorted() }
  }

  /// Who includes whom with quotes.
  func includes() async throws(Failure) -> IncludeGraph {
    if let graph { return graph }
    let key = VerdictKey(["includes", base.id])
    let read: IncludeGraph
    if let entry = store.read(key), let stored = IncludeGraph(stored: entry, headers: base.paths) {
      read = stored
    } else {
      let targets = try await scanTree { IncludeScan.targets(in: $0) }
      read = IncludeGraph(targets: Dictionary(uniqueKeysWithValues: targets), headers: base.paths)
      try store.write(read.stored, key)
    }
    graph = read
    return read
  }

  private func wordKey(_ word: String) -> VerdictKey { VerdictKey(["word", base.id, word]) }

  /// Applies `read` to every C file of the tree, on all cores; files for which it finds nothing are left out.
  private func scanTree<T: Collection & Sendable>(
    _ read: @escaping @Sendable ([UInt8]) -> T
  ) async throws(Failure) -> [(String, T)] {
    let sources = base.paths.filter(Self.isKernelSource)
    let share = 2000
    let base = base
    let results = await withTaskGroup(of: [(String, T)].self) { group in
      for start in stride(from: 0, to: sources.count, by: share) {
        group.addTask {
          var found: [(String, T)] = []
          for path in sources[start..<min(start + share, sources.count)] where !Task.isCancelled {
            guard let source = base.contents(of: path) else { continue }
            let result = read(source)
            if !result.isEmpty { found.append((path, result)) }
          }
          return found
        }
      }
      var all: [(String, T)] = []
      for await found in group { all += found }
      return all
    }
    if Task.isCancelled { throw Failure(.interrupted, "interrupted") }
    return results
  }

  /// Whether a path is C source that the kernel itself may be built from.
  static func isKernelSource(_ path: String) -> Bool {
    (path.hasSuffix(".c") || path.hasSuffix(".h"))
      && !["tools/", "scripts/", "Documentation/", "usr/"].contains(where: path.hasPrefix)
  }
}
