import Diagnostics
import Kbuild
import Support
import TreeIndex

/// What a state changes without touching it: sources that a makefile or Kconfig now builds, builds with other flags, or
/// builds with another configuration.
struct Reconfiguration: Sendable {
  let base: BaseTree
  let states: [SeriesState]
  let index: TreeIndex
  let memory: IndexMemory

  struct Result: Sendable {
    /// The sources that a lane builds for the first time or with other flags, by state.
    var affected: [Int: Set<String>] = [:]
    /// The sources that a lane no longer builds, by state.
    var dropped: [Int: Set<String>] = [:]
    /// Findings about what is not checked, by state.
    var unchecked: [Int: [Finding]] = [:]
  }

  /// Compares the lane's epochs, each with the one before it.
  func run(_ lane: LaneCompilers) async throws(Failure) -> Result {
    var result = Result()
    for epoch in lane.epochs where epoch.epoch.states.lowerBound > 0 {
      let state = states[epoch.epoch.states.lowerBound - 1]
      guard let before = lane.at(state.index - 1)?.compiler else { continue }
      let after = epoch.compiler
      let changed = state.changed.filter { KernelPaths.configures($0, architecture: lane.architecture) }
      if let file = changed.first(where: Self.isForAll), try await compilesOtherwise(before, after) {
        result.unchecked[state.index, default: []].append(
          Finding(
            .warning, at: Place(file),
            "changes how every unit is compiled; only what the series touches is compiled so",
            notes: ["needs a build of the whole kernel"]))
      }
      var sources = candidates(changed.filter(KernelPaths.isMakefile), state, lane)
      let symbols = Set(after.configuration.differences(from: before.configuration))
      let view = TreeView(base: base, overlay: state.overlay)
      let files = StateIndex(index, overlay: state.overlay, memory: memory)
      // A symbol set to m defines another macro.
      let words = symbols.union(symbols.map { $0 + "_MODULE" })
      let naming = Set(files.paths(naming: words).values.joined())
      let reading = naming.union(
        files.includers(of: naming.filter { !KernelPaths.isUnit($0) }, architecture: lane.architecture)
      ).filter(KernelPaths.isUnit)
      if !symbols.isEmpty {
        let paths = base.paths + state.overlay.keys.filter { !base.has($0) }
        for contents in [view.contents(of:), base.contents(of:)] {
          sources.formUnion(MakefileIndex(paths: paths, contents: contents).sources(among: paths, with: symbols))
        }
      }
      let all = sources.union(reading).sorted()
      let (old, new) = (try await before.commands(for: all), try await after.commands(for: all))
      for source in all {
        let known = Set((old[source] ?? []).map(before.form))
        let now = (new[source] ?? []).map(after.form)
        if now.isEmpty, !known.isEmpty, view.has(source) { result.dropped[state.index, default: []].insert(source) }
        if reading.contains(source) ? !now.isEmpty : !known.isSuperset(of: now) {
          result.affected[state.index, default: []].insert(source)
        }
      }
    }
    return result
  }

  /// The sources that a makefile of a folder may concern: those of the folder, and of those below it where the makefile
  /// passes flags down or names their objects.
  private func candidates(_ makefiles: [String], _ state: SeriesState, _ lane: LaneCompilers) -> Set<String> {
    let view = TreeView(base: base, overlay: state.overlay)
    let folders = makefiles.filter { !Self.isForAll($0) }.map { path -> (folder: String, isDeep: Bool) in
      let text = String(decoding: view.contents(of: path) ?? base.contents(of: path) ?? [], as: UTF8.self)
      return (KernelPaths.folder(path) + "/", text.contains("subdir-") || text.contains(#/\/[\w.-]+\.o/#))
    }
    guard !folders.isEmpty else { return [] }
    let paths = base.paths + state.overlay.keys.filter { !base.has($0) }
    return Set(
      paths.filter { path in
        KernelPaths.isUnit(path) && KernelPaths.isKernel(path)
          && folders.contains { folder, isDeep in
            path.hasPrefix(folder) && (isDeep || !path.dropFirst(folder.count).contains("/"))
          }
      })
  }

  /// Whether flags that every unit has differ between two configurations.
  private func compilesOtherwise(_ before: any UnitCompiler, _ after: any UnitCompiler) async throws(Failure) -> Bool {
    let unit = "init/version.c"
    let old = try await before.commands(for: [unit])[unit] ?? []
    let new = try await after.commands(for: [unit])[unit] ?? []
    return old.map(before.form) != new.map(after.form)
  }

  /// Whether a file that Kbuild reads is no folder's own.
  private static func isForAll(_ path: String) -> Bool {
    path == "Makefile" || path == "Kbuild" || path.hasPrefix("scripts/")
      || path.hasPrefix("arch/") && path.split(separator: "/").count == 3 && KernelPaths.isMakefile(path)
  }
}
