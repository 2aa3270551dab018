import Diagnostics

/// The exports of a tree whose names macros form, found once for the base and kept.
actor ComputedExports {
  private let base: BaseTree
  private let index: StateIndex
  private let store: VerdictStore
  private var known: [ComputedExport]?

  init(base: BaseTree, index: StateIndex, store: VerdictStore) {
    (self.base, self.index, self.store) = (base, index, store)
  }

  /// The macros that such exports use.
  private static let words: Set<String> = [
    "EXPORT_SYMBOL", "EXPORT_SYMBOL_GPL", "EXPORT_SYMBOL_NS", "EXPORT_SYMBOL_NS_GPL", "EXPORT_SYMBOL_FOR_MODULES",
    "EXPORT_SYMBOL_IF_KUNIT", "_EXPORT_SYMBOL", "__EXPORT_SYMBOL",
  ]

  /// The exports of a state: the base's, with those of changed files replaced.
  func found(in view: TreeView) async throws(Failure) -> [ComputedExport] {
    try await ofBase().filter { view.overlay[$0.file] == nil }
      + view.overlay.sorted { $0.key < $1.key }.flatMap { path, file in
        KernelPaths.mayBeCompiled(path) ? ComputedExport.found(in: path, file.bytes ?? []) : []
      }
  }

  private func ofBase() async throws(Failure) -> [ComputedExport] {
    if let known { return known }
    let key = VerdictKey(["computed exports", VerdictKey.program, base.id])
    let found = try await store.value(key) { () async throws(Failure) in
      Set(index.paths(naming: Self.words).values.joined()).sorted().flatMap { path in
        ComputedExport.found(in: path, base.contents(of: path) ?? [])
      }
    }
    known = found
    return found
  }
}
