import Diagnostics
import FoundationEssentials

/// The exports of a tree whose names macros make, found once for the base and kept.
actor ComputedExports {
  private let base: BaseTree
  private let index: StateIndex
  private let store: VerdictStore
  private var known: [ComputedExport]?

  init(base: BaseTree, index: StateIndex, store: VerdictStore) {
    (self.base, self.index, self.store) = (base, index, store)
  }

  /// How exports are written whose symbol is not.
  private static let words: Set<String> = [
    "EXPORT_SYMBOL", "EXPORT_SYMBOL_GPL", "EXPORT_SYMBOL_NS", "EXPORT_SYMBOL_NS_GPL", "EXPORT_SYMBOL_FOR_MODULES",
    "EXPORT_SYMBOL_IF_KUNIT", "_EXPORT_SYMBOL", "__EXPORT_SYMBOL",
  ]

  /// Those of a state: the base's, with what the state's own files have in place of theirs.
  func found(in view: TreeView) throws(Failure) -> [ComputedExport] {
    try ofBase().filter { view.overlay[$0.file] == nil }
      + view.overlay.sorted { $0.key < $1.key }.flatMap { path, file in
        KernelSource.mayBeCompiled(path) ? ComputedExport.found(in: path, file.bytes ?? []) : []
      }
  }

  private func ofBase() throws(Failure) -> [ComputedExport] {
    if let known { return known }
    let key = VerdictKey(["computed exports", "1", base.id] + Self.words.sorted())
    if let bytes = store.read(key), let kept = try? JSONDecoder().decode([ComputedExport].self, from: Data(bytes)) {
      known = kept
      return kept
    }
    let paths = Set(index.paths(naming: Self.words).values.joined()).sorted()
    let found = paths.flatMap { path in ComputedExport.found(in: path, base.contents(of: path) ?? []) }
    known = found
    if let data = try? JSONEncoder().encode(found) { try store.write(Array(data), key) }
    return found
  }
}
