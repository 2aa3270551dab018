import TreeIndex

/// What a state's files name and include: the base's index, with the state's own files in place of the base's.
struct StateIndex: Sendable {
  private let memory: IndexMemory
  private let overlay: FileChanges
  private let overlayWords: [String: FileWords]

  /// - Parameter memory: the base's answers to what was asked before.
  init(_ index: TreeIndex, overlay: FileChanges = [:], memory: IndexMemory? = nil) {
    self.memory = memory ?? IndexMemory(index)
    self.overlay = overlay.filter { KernelPaths.mayBeCompiled($0.key) }
    overlayWords = self.overlay.mapValues { FileWords($0.bytes ?? []) }
  }

  /// The kernel's sources and headers that contain each of `words` as a whole word, sorted.
  func paths(naming words: Set<String>) -> [String: [String]] {
    let inBase = memory.paths(naming: words)
    var found = inBase.mapValues { paths in
      paths.filter { overlay[$0] == nil && KernelPaths.mayBeCompiled($0) }
    }
    for (path, file) in overlayWords {
      for word in words where file.contains(word) { found[word, default: []].append(path) }
    }
    return found.mapValues { $0.sorted() }
  }

  /// The headers that a header includes, directly or through others, as `TreeIndex.included` finds them.
  func included(by header: String, architecture: String) -> Set<String> {
    let changed = overlay.mapValues { state in state.bytes.map { Include.all(in: $0) } }
    return memory.included(by: header, changed: changed, architecture: architecture)
  }

  /// The files that include any of `headers`, directly or through others, as `TreeIndex.includers` finds them.
  func includers(of headers: Set<String>, architecture: String? = nil) -> Set<String> {
    let changed = overlay.mapValues { state in state.bytes.map { Include.all(in: $0) } }
    return memory.includers(of: headers, changed: changed, architecture: architecture)
      .filter(KernelPaths.mayBeCompiled)
  }
}
