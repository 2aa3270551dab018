import CSource
import Diagnostics
import Kbuild
import Support
import TreeIndex

/// Looks for names that a patch takes away in the files that no lane compiles: of other architectures, in Rust, tools and
/// documentation.
///
/// A name that compiled includers of the header still have is left out: the compiler has the last word.
struct RemovedNames: Sendable {
  let base: BaseTree
  let states: [SeriesState]
  let index: TreeIndex
  let memory: IndexMemory
  /// The files that compilers read.
  let seen: Set<String>

  /// A name, and where it was declared.
  private struct Name: Hashable {
    var text: String
    var file: String
    var state: Int
  }

  /// What is found, by state: warnings about code, notes about text.
  func findings() async throws(Failure) -> [Int: [Finding]] {
    guard let last = states.last else { return [:] }
    let after = TreeView(base: base, overlay: last.overlay)
    // What the series declares again elsewhere is not gone.
    let declared = Set(
      last.overlay.keys.filter(KernelPaths.mayBeCompiled).flatMap { path in
        after.contents(of: path).map { Outline($0).items.flatMap(\.names) } ?? []
      })
    let removed = states.flatMap(removed).filter { !declared.contains($0.text) }
    let index = StateIndex(index, overlay: last.overlay, memory: memory)
    let named = index.paths(naming: Set(removed.map(\.text)))
    let includers = Dictionary(
      uniqueKeysWithValues: Set(removed.map(\.file)).map { header in
        let parts = header.split(separator: "/")
        let architecture = parts.first == "arch" && parts.count > 2 ? String(parts[1]) : nil
        return (header, index.includers(of: [header], architecture: architecture))
      })
    var found: [Int: [Finding]] = [:]
    var gone: [Name] = []
    for name in removed {
      let (inside, outside) = (named[name.text] ?? []).partitioned { includers[name.file]?.contains($0) == true }
      let uses = inside.compactMap { path in
        after.contents(of: path).flatMap { Self.use(of: name.text, in: path, $0) }
      }
      guard !uses.contains(where: { seen.contains($0.file) }) else { continue }
      // A name that others use for something of their own says nothing where the header cannot be told.
      if outside.isEmpty { gone.append(name) }
      found[name.state, default: []] += uses.map { Self.finding(.warning, name, $0) }
    }
    for (path, line, text) in try await mentions(of: Set(gone.map(\.text)), after) {
      for name in gone where !WordPositions.of(name.text, in: Array(text.utf8)).isEmpty {
        let isCode = path.hasSuffix(".rs") || path.contains(".dts")
        found[name.state, default: []].append(Self.finding(isCode ? .warning : .note, name, Place(path, line: line)))
      }
    }
    return found
  }

  private static func finding(_ severity: Finding.Severity, _ name: Name, _ place: Place) -> Finding {
    Finding(
      severity, at: place, "still uses '\(name.text)', which this commit removes from \(name.file)",
      notes: severity == .warning ? ["no lane compiles this file"] : [])
  }

  /// The names that a state's files no longer declare, and that none of them declares instead.
  private func removed(_ state: SeriesState) -> [Name] {
    let before = TreeView(base: base, overlay: state.index == 1 ? [:] : states[state.index - 2].overlay)
    let after = TreeView(base: base, overlay: state.overlay)
    func names(_ view: TreeView, _ path: String) -> Set<String> {
      view.contents(of: path).map { Set(Outline($0).items.flatMap(\.names)) } ?? []
    }
    let headers = state.changed.filter { $0.hasSuffix(".h") && KernelPaths.mayBeCompiled($0) }
    let declared = state.changed.filter(KernelPaths.mayBeCompiled).reduce(into: Set()) {
      $0.formUnion(names(after, $1))
    }
    return headers.flatMap { path in
      names(before, path).subtracting(declared).sorted().map { Name(text: $0, file: path, state: state.index) }
    }
  }

  /// The first line of code, not of a comment, that has a name.
  private static func use(of name: String, in path: String, _ bytes: [UInt8]) -> Place? {
    guard !WordPositions.of(name, in: bytes).isEmpty else { return nil }
    let file = SourceFile(path: path, bytes: bytes)
    let token = file.tokens.first { $0.kind == .identifier && file.text($0) == name }
    return token.map { Place(path, line: file.place($0.start).line) }
  }

  /// The lines of files that are not C of the kernel and that have one of the names.
  private func mentions(
    of names: Set<String>, _ view: TreeView
  ) async throws(Failure) -> [(path: String, line: Int, text: String)] {
    var found: [(path: String, line: Int, text: String)] = []
    let paths = ["*.rs", "*.dts*", "Documentation", "tools", "samples"]
    for line in try await TreeGrep.lines("-nwFI", for: names, in: paths, of: base.directory) {
      let fields = line.split(separator: ":", maxSplits: 2)
      guard fields.count == 3, let number = Int(fields[1]), !seen.contains(String(fields[0])) else { continue }
      found.append((String(fields[0]), number, String(fields[2])))
    }
    return found.filter { mention in
      // A file that the series changes says what it says at its end.
      guard let state = view.overlay[mention.path] else { return true }
      return state.bytes.map { String(decoding: $0, as: UTF8.self).contains(mention.text) } ?? false
    }
  }
}
