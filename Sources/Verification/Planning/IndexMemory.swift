import Synchronization
import TreeIndex

/// Remembers an index's answers, since each lookup goes through the whole index, and the states of a series ask the
/// same of it.
final class IndexMemory: Sendable {
  private let index: TreeIndex
  private let words = Mutex<[String: [String]]>([:])
  private let includers = Mutex<[Question: Set<String>]>([:])

  private struct Question: Hashable {
    var headers: Set<String>
    var changed: [String: [Include]?]
    var architecture: String?
  }

  init(_ index: TreeIndex) { self.index = index }

  /// The files of the base that contain each of the words.
  func paths(naming words: Set<String>) -> [String: [String]] {
    let missing = self.words.withLock { known in words.filter { known[$0] == nil } }
    if !missing.isEmpty {
      let found = index.paths(naming: missing)
      self.words.withLock { known in for word in missing { known[word] = found[word] ?? [] } }
    }
    return self.words.withLock { known in
      Dictionary(uniqueKeysWithValues: words.compactMap { word in known[word].map { (word, $0) } })
    }
  }

  /// As `TreeIndex.included`, which is quick.
  func included(by header: String, changed: [String: [Include]?], architecture: String) -> Set<String> {
    index.included(by: header, changed: changed, architecture: architecture)
  }

  /// As `TreeIndex.includers`. Only what `changed` has otherwise than the base makes another question.
  func includers(
    of headers: Set<String>, changed: [String: [Include]?], architecture: String?
  ) -> Set<String> {
    let changed = changed.filter { path, includes in index.includes(of: path) != includes }
    let question = Question(headers: headers, changed: changed, architecture: architecture)
    if let known = includers.withLock({ $0[question] }) { return known }
    let found = index.includers(of: headers, changed: changed, architecture: architecture)
    includers.withLock { $0[question] = found }
    return found
  }
}
