import Diagnostics

/// Which units a patch can affect.
///
/// A changed `.c` file is affected, and whatever includes a changed file with quotes, directly or not. A changed header
/// of `include/` affects the files that name what it changes, or that name a macro or an inline function that does.
struct UnitPlanner: Sendable {
  let base: BaseTree
  let sources: SourceIndex
  /// Callbacks that a series moves from one to another. Where a patch declares one of them anew or no more, whoever names
  /// another of them is affected too.
  var families: [Set<String>] = []

  /// The `.c` files to compile for a state, sorted.
  func units(of state: SeriesState, after earlier: SeriesState?) async throws(Failure) -> [String] {
    let before = TreeView(base: base, overlay: earlier?.overlay ?? [:])
    let after = TreeView(base: base, overlay: state.overlay)
    let changed = state.changed.filter { SourceIndex.isKernelSource($0) || $0.hasSuffix(".inc") }
    var local = Set(changed.filter { !Self.isGlobalHeader($0) })
    var names: Set<String> = []
    for path in changed where Self.isGlobalHeader(path) {
      names.formUnion(TouchedNames.between(before.contents(of: path), after.contents(of: path)))
    }
    for family in families where !family.isDisjoint(with: names) { names.formUnion(family) }
    var units = Set(changed.filter { $0.hasSuffix(".c") })
    var asked: Set<String> = []
    while !names.isEmpty {
      asked.formUnion(names)
      let hits = try await sources.paths(naming: names, overlay: state.overlay)
      var headers: Set<String> = []
      for path in hits.values.joined() {
        if path.hasSuffix(".c") {
          units.insert(path)
        } else if Self.isGlobalHeader(path) {
          headers.insert(path)
        } else {
          local.insert(path)
        }
      }
      var found: Set<String> = []
      for path in headers { found.formUnion(Self.passingOn(names, in: after.contents(of: path) ?? [])) }
      names = found.subtracting(asked)
    }
    let includers = try await sources.includes().includers(of: local, overlay: state.overlay)
    units.formUnion(includers.filter { $0.hasSuffix(".c") })
    return units.filter { SourceIndex.isKernelSource($0) && after.has($0) }.sorted()
  }

  /// A few `.c` files that include a header directly, to compile where nothing names what a patch changes in it.
  func witnesses(of header: String) async throws(Failure) -> [String] {
    guard let start = header.ranges(of: "include/").last?.upperBound else { return [] }
    let name = String(header[start...])
    let stem = name.lastComponent.prefix { $0.utf8.allSatisfy(\.isWord) }
    let hits = try await sources.paths(naming: [String(stem)])
    let line = "#include <\(name)>"
    var found: [String] = []
    for path in hits.values.joined() where path.hasSuffix(".c") {
      guard found.count < 8 else { break }
      let text = base.contents(of: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
      if text.contains(line) { found.append(path) }
    }
    return found
  }

  /// The names of the macros and inline functions of a header that mention any of `names`.
  static func passingOn(_ names: Set<String>, in header: [UInt8]) -> Set<String> {
    let scan = WordScan(names)
    let items = SourceOutline(header).items.filter { item in
      (item.kind == .macro || item.kind == .function) && !scan.words(in: Array(item.text.utf8)).isEmpty
    }
    return Set(items.flatMap(\.names))
  }

  /// Whether files anywhere may include a header, so that only names tell who depends on a change in it.
  static func isGlobalHeader(_ path: String) -> Bool {
    path.hasSuffix(".h") && (path.hasPrefix("include/") || path.contains("/include/"))
  }
}
