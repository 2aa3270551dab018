import Synchronization
import TreeIndex

/// Remembers an index's answers about words, since each lookup goes through the whole index.
final class WordMemory: Sendable {
  private let index: TreeIndex
  private let known = Mutex<[String: [String]]>([:])

  init(_ index: TreeIndex) { self.index = index }

  /// The files of the base that contain each of the words.
  func paths(naming words: Set<String>) -> [String: [String]] {
    let missing = known.withLock { known in words.filter { known[$0] == nil } }
    if !missing.isEmpty {
      let found = index.paths(naming: missing)
      known.withLock { known in for word in missing { known[word] = found[word] ?? [] } }
    }
    return known.withLock { known in
      Dictionary(uniqueKeysWithValues: words.compactMap { word in known[word].map { (word, $0) } })
    }
  }
}
