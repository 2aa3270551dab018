import Diagnostics
import FoundationEssentials
import Kbuild
import Synchronization

/// A compiler whose answers are kept: what was compiled once from the same text by the same command is not again.
///
/// A unit's entry holds results, each with the files of the tree it came from. A result answers for another state when
/// the state has the same contents in all those files. A file that a state adds could be found before one that was read,
/// so all added files are part of the key. A failed compilation names no files: it answers for the same changes only.
final class StoredCompiler: Sendable {
  let compiler: any UnitCompiler
  private let store: VerdictStore
  private let base: BaseTree
  private let writing = Mutex(())
  private let lists = Mutex<[String: Set<String>]>([:])

  init(_ compiler: any UnitCompiler, store: VerdictStore, base: BaseTree) {
    self.compiler = compiler
    self.store = store
    self.base = base
  }

  var lane: String { compiler.lane }

  func baseline(of units: [String]) async throws(Failure) -> [String: UnitBaseline] {
    var result: [String: UnitBaseline] = [:]
    for unit in units { result[unit] = decoded(store.read(baselineKey(unit))) }
    let missing = units.filter { result[$0] == nil }
    guard !missing.isEmpty else { return result }
    for (unit, baseline) in try await compiler.baseline(of: missing) {
      result[unit] = baseline
      // A base that does not compile may have been a full disk: it is asked again.
      if case .failed = baseline { continue }
      try store.write(try encoded(baseline), baselineKey(unit))
    }
    return result
  }

  /// The unit at the state, and whether the store answered.
  func compile(
    _ command: CompileCommand, at state: SeriesState
  ) async throws(Failure) -> (outcome: UnitOutcome, cached: Bool) {
    let key = unitKey(command, state)
    let keys = state.overlay.mapValues(\.key)
    for entry in entries(key) {
      guard let list = entry.dependencies else {
        if entry.changes == keys { return (.finished(entry.result), true) }
        continue
      }
      guard let dependencies = dependencies(list) else { continue }
      if keys.filter({ dependencies.contains($0.key) }) == entry.changes {
        var result = entry.result
        result.dependencies = dependencies.sorted()
        return (.finished(result), true)
      }
    }
    let outcome = try await compiler.compile(command, at: state)
    if case .finished(let result) = outcome {
      try keep(try entry(for: result, keys), key)
    }
    return (outcome, false)
  }

  private struct Entry: Codable {
    /// The key of the list of files read; nil when it is not known.
    var dependencies: String?
    /// What the state had in place of the base's files, as far as the result depends on it.
    var changes: [String: String]
    var result: UnitResult
  }

  /// Adds an entry to those of its key, read again: in the seconds a compilation takes, another may have added to them.
  ///
  /// Nothing locks out another process in between. What is lost then is compiled once more.
  private func keep(_ entry: Entry, _ key: VerdictKey) throws(Failure) {
    try writing.withLock { (_) throws(Failure) in try store.write(try encoded(entries(key) + [entry]), key) }
  }

  private func entries(_ key: VerdictKey) -> [Entry] { decoded(store.read(key)) ?? [] }

  private func entry(for result: UnitResult, _ keys: [String: String]) throws(Failure) -> Entry {
    guard result.succeeded, !result.dependencies.isEmpty else {
      return Entry(dependencies: nil, changes: keys, result: result)
    }
    let list = result.dependencies.joined(separator: "\n")
    let key = VerdictKey(["dependencies", list])
    let known = Set(result.dependencies)
    if lists.withLock({ $0.updateValue(known, forKey: key.digest) }) == nil || store.read(key) == nil {
      try store.write(Array(list.utf8), key)
    }
    var bare = result
    bare.dependencies = []
    return Entry(dependencies: key.digest, changes: keys.filter { known.contains($0.key) }, result: bare)
  }

  private func dependencies(_ digest: String) -> Set<String>? {
    if let known = lists.withLock({ $0[digest] }) { return known }
    guard let bytes = store.read(VerdictKey(digest: digest)) else { return nil }
    let list = Set(String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init))
    lists.withLock { $0[digest] = list }
    return list
  }

  private func baselineKey(_ unit: String) -> VerdictKey {
    VerdictKey(["baseline", "1", compiler.identity, unit])
  }

  private func unitKey(_ command: CompileCommand, _ state: SeriesState) -> VerdictKey {
    let added = state.overlay.filter { !base.has($0.key) }.sorted { $0.key < $1.key }.flatMap {
      [$0.key, $0.value.key]
    }
    let parts = ["unit", "1", compiler.identity, command.directory, command.input, command.object]
    return VerdictKey(parts + command.arguments + ["added"] + added)
  }

  private func decoded<T: Decodable>(_ bytes: [UInt8]?) -> T? {
    bytes.flatMap { try? JSONDecoder().decode(T.self, from: Data($0)) }
  }

  private func encoded(_ value: some Encodable) throws(Failure) -> [UInt8] {
    do { return Array(try JSONEncoder().encode(value)) } catch {
      throw Failure(.unavailable, "cannot store a verdict", notes: ["\(error)"])
    }
  }
}
