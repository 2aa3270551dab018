import Diagnostics
import FoundationEssentials
import Kbuild
import Synchronization

/// A compiler whose answers are kept: one command never compiles the same text twice.
///
/// A unit's entry holds results, each with the files of the tree it came from. A result answers for another state when
/// the state has the same contents in all those files, and adds no file that could be found in place of one of them. A
/// failed compilation names no files, so it answers only for the same changes.
final class StoredCompiler: Sendable {
  let compiler: any UnitCompiler
  let epoch: Epoch
  private let store: VerdictStore
  private let writing = Mutex(())
  private let lists = Mutex<[String: DependencyList]>([:])

  init(_ compiler: any UnitCompiler, store: VerdictStore, epoch: Epoch) {
    self.compiler = compiler
    self.store = store
    self.epoch = epoch
  }

  struct Answer: Sendable {
    var outcome: UnitOutcome
    /// Whether it came from the store.
    var isStored: Bool
    /// Identifies the text that was compiled; empty when nothing is known about the unit.
    var content: String
    /// The object's symbols; nil when there is no object, or none that can be read.
    var symbols: ObjectSymbols? {
      if case .finished(let result) = outcome { result.symbols } else { nil }
    }

    fileprivate mutating func add(_ symbols: ObjectSymbols) {
      guard case .finished(var result) = outcome else { return }
      result.symbols = symbols
      outcome = .finished(result)
    }
  }

  /// Compiles a unit as a state has it, or answers from the store.
  ///
  /// - Parameter symbols: whether the caller needs the object's symbols; if not, an answer from the store has none.
  func compile(
    _ command: CompileCommand, at state: Int, symbols: Bool = false
  ) async throws(Failure) -> Answer {
    let key = VerdictKey(unit: command, compiledBy: compiler)
    let changes = epoch.changes(at: state).mapValues(\.key)
    let added = changes.keys.filter { !epoch.root.has($0) }
    for entry in entries(key) {
      guard let digest = entry.dependencies else {
        if entry.changes == changes { return answer(entry, key, nil, isStored: true) }
        continue
      }
      guard let list = list(digest), changes.filter({ list.paths.contains($0.key) }) == entry.changes,
        !added.contains(where: { list.mayBeHidden(by: $0) })
      else { continue }
      var answer = answer(entry, key, list, isStored: true)
      guard symbols, entry.hasSymbols else { return answer }
      // Symbols are stored apart from what every lookup reads. If they are gone, compile the unit again.
      guard let kept = store.value(Self.symbolsKey(answer.content), as: ObjectSymbols.self) else { break }
      answer.add(kept)
      return answer
    }
    let outcome = try await compiler.compile(command, at: state)
    guard case .finished(let result) = outcome else { return Answer(outcome: outcome, isStored: false, content: "") }
    let (entry, list) = try entry(for: result, changes)
    var answer = answer(entry, key, list, isStored: false)
    if let symbols = result.symbols {
      answer.add(symbols)
      try store.write(encoding: symbols, Self.symbolsKey(answer.content))
      if let object = result.object { try store.write(object, Self.objectKey(answer.content)) }
    }
    try keep(entry, key)
    return answer
  }

  /// Compiles a unit as a state has it, but for some files; nothing is stored. Nil where the compiler cannot.
  func compile(
    _ command: CompileCommand, at state: Int, with files: [String: [UInt8]]
  ) async throws(Failure) -> CompileResult? {
    var all: [String: [UInt8]?] = epoch.changes(at: state).mapValues(\.bytes)
    for (path, bytes) in files { all[path] = .some(bytes) }
    return try await compiler.compile(command, with: all)
  }

  /// The object that a unit becomes at a state; nil when it does not compile.
  func object(of command: CompileCommand, at state: Int) async throws(Failure) -> [UInt8]? {
    let answer = try await compile(command, at: state, symbols: true)
    guard answer.symbols != nil else { return nil }
    let key = Self.objectKey(answer.content)
    if let kept = store.read(key) { return kept }
    guard case .finished(let result) = try await compiler.compile(command, at: state), let object = result.object else {
      return nil
    }
    try store.write(object, key)
    return object
  }

  private static func objectKey(_ content: String) -> VerdictKey { VerdictKey(["object", content]) }

  private static func symbolsKey(_ content: String) -> VerdictKey { VerdictKey(["symbols", content]) }

  private func answer(_ entry: Entry, _ key: VerdictKey, _ list: DependencyList?, isStored: Bool) -> Answer {
    var result = entry.result
    result.dependencies = list?.paths ?? []
    let content = VerdictKey([key.digest] + entry.changes.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
    return Answer(outcome: .finished(result), isStored: isStored, content: content.digest)
  }

  private struct Entry: Codable {
    /// The key of the list of files read; nil when that is not known.
    var dependencies: String?
    /// The keys of the state's changes to the root, as far as the result depends on them.
    var changes: [String: String]
    var result: UnitResult
    var hasSymbols: Bool
  }

  /// The files a compiler read.
  private struct DependencyList {
    var paths: Set<String>
    private var names: Set<Substring>

    init(_ paths: Set<String>) {
      self.paths = paths
      names = Set(paths.map { $0.name })
    }

    /// Whether an added file could be found in place of one that was read.
    func mayBeHidden(by path: String) -> Bool { !paths.contains(path) && names.contains(path.name) }
  }

  /// How many results a unit keeps; the oldest are dropped.
  private static let limit = 100

  /// Adds an entry to those of its key, which it reads again: another thread may have added one during the compilation.
  ///
  /// Nothing locks out another process in between. An entry lost that way is compiled once more.
  private func keep(_ entry: Entry, _ key: VerdictKey) throws(Failure) {
    try writing.withLock { (_) throws(Failure) in
      let others = entries(key).filter { $0.dependencies != entry.dependencies || $0.changes != entry.changes }
      try store.write(encoding: (others + [entry]).suffix(Self.limit), key)
    }
  }

  private func entries(_ key: VerdictKey) -> [Entry] { store.value(key) ?? [] }

  private func entry(
    for result: UnitResult, _ changes: [String: String]
  ) throws(Failure) -> (Entry, DependencyList?) {
    var bare = result
    (bare.dependencies, bare.symbols, bare.object) = ([], nil, nil)
    let hasSymbols = result.symbols != nil
    guard result.succeeded, !result.dependencies.isEmpty else {
      return (Entry(dependencies: nil, changes: changes, result: bare, hasSymbols: hasSymbols), nil)
    }
    let text = result.dependencies.sorted().joined(separator: "\n")
    let key = VerdictKey(["dependencies", text])
    if !lists.withLock({ $0.keys.contains(key.digest) }), store.read(key) == nil {
      try store.write(Array(text.utf8), key)
    }
    let list = lists.withLock { lists in
      let list = lists[key.digest] ?? DependencyList(result.dependencies)
      lists[key.digest] = list
      return list
    }
    let entry = Entry(
      dependencies: key.digest, changes: changes.filter { result.dependencies.contains($0.key) }, result: bare,
      hasSymbols: hasSymbols)
    return (entry, list)
  }

  private func list(_ digest: String) -> DependencyList? {
    if let known = lists.withLock({ $0[digest] }) { return known }
    guard let bytes = store.read(VerdictKey(digest: digest)) else { return nil }
    let list = DependencyList(Set(String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)))
    lists.withLock { $0[digest] = list }
    return list
  }
}

extension String {
  /// What follows the last slash.
  fileprivate var name: Substring { lastIndex(of: "/").map { self[index(after: $0)...] } ?? self[...] }
}
