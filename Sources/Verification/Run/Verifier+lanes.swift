import Diagnostics
import FoundationEssentials
import Git
import Kbuild
import Processes

/// The tools that run in the lanes of a series.
struct LaneTools: Sendable {
  var compilers: [LaneCompilers]
  /// Empty when sparse is not asked for.
  var checkers: [LaneCompilers]
  /// What the report says about the sandbox; nil for nothing.
  var sandbox: String?
}

extension Verifier {
  /// Prepares each lane that a series concerns for every epoch of the series.
  nonisolated(nonsending) func tools(
    _ run: inout VerificationRun, base: BaseTree, store: VerdictStore, scratch: String
  ) async throws(Failure) -> LaneTools {
    let sparse = depth >= .full ? try await Sparse.find() : nil
    let states = run.states.states
    let shard = run.results.shard
    let used = lanes(for: run.states).enumerated().filter { shard?.has($0.offset) ?? true }.map(\.element)
    for lane in lanes where lane.isUsed(changing: run.states.changedPaths) {
      let missing = Toolchain(lane).programs.filter { which($0.name) == nil }
      guard lane.paths != nil, let first = missing.first else { continue }
      progress.report(
        .note("the lane \(lane.name) is left out: \(first.name) is missing; install the package \(first.package)"))
    }
    let slots = JobSlots(jobs)
    let overlays = Dictionary(uniqueKeysWithValues: states.map { ($0.index, $0.overlay) })
    let empty = used.map { LaneCompilers(name: $0.name, architecture: $0.architectureFolder, epochs: []) }
    var tools = LaneTools(compilers: empty, checkers: sparse == nil ? [] : empty)
    let idle = try await Self.scriptsOutsideBuilds(changedBy: states, base: base)
    let starts = used.map { Self.epochStarts(states, but: idle, architecture: $0.architectureFolder) }
    let allStarts = Set(starts.joined()).sorted()
    // The makefiles and the tools that a lane is prepared with come from the state where an epoch begins.
    let sandbox = try await sandboxing.sandbox(runsChanges: allStarts.contains { $0 > 0 })
    tools.sandbox = Sandboxing.text(allStarts.filter { $0 > 0 }, in: sandbox)
    // What each lane was prepared for last.
    var last: [Int: PreparedLane] = [:]
    // All lanes of one tree are prepared side by side.
    for start in allStarts {
      let kbuild = Kbuild(
        cache: cache, progress: progress, jobs: jobs, launcher: launcher,
        sandbox: start > 0 || sandboxing == .always ? sandbox : nil)
      let concerned = used.indices.filter { starts[$0].contains(start) }
      let root = try await root(start, states, base: base, scratch: scratch)
      let source = SourceTree(path: root.directory, tree: root.id)
      let makefiles = Lazily { MakefileIndex(paths: root.paths, contents: root.contents) }
      var files: [Int: Overlay] = [:]
      let all: [PreparedLane]
      do throws(Failure) {
        all = try await kbuild.prepare(concerned.map { used[$0] }, source: source)
      } catch  where start > 0 && error.status == .unavailable {
        // The base could be prepared, so the patch is at fault.
        let notes = sandbox.map { ["it ran in \($0.name): no network, and only its own folder is writable"] } ?? []
        run.results.unplaced[start, default: [:]][nil, default: []] += error.adding(notes: notes).findings
        for lane in concerned { run.results.incomplete.formUnion(Self.states(from: start, starts[lane], states)) }
        continue
      }
      for (lane, prepared) in zip(concerned, all) {
        if start > 0, let before = last[lane] {
          let state = states[start - 1]
          let found = try await kbuild.newProblems(of: prepared, since: before, changed: state.changed) { path in
            root.contents(of: path)
          }
          if !found.isEmpty { run.results.unplaced[start, default: [:]][used[lane].name, default: []] += found }
        }
        last[lane] = prepared
        let epoch = Epoch(
          root: root, states: Self.states(from: start, starts[lane], states), overlays: overlays, base: base)
        for state in epoch.states where !epoch.changes(at: state).isEmpty && files[state] == nil {
          files[state] = try await kbuild.overlay(
            epoch.changes(at: state).mapValues(\.bytes), over: source, for: all,
            in: "\(scratch)/\(start)-\(state)")
        }
        let compiler = KbuildUnitCompiler(
          kbuild: kbuild, prepared: prepared, makefiles: makefiles, slots: slots, overlays: files, scratch: scratch)
        tools.compilers[lane].epochs.append(StoredCompiler(compiler, store: store, epoch: epoch))
        if let sparse {
          let checker = try await SparseUnitCompiler(compiler, sparse: sparse)
          tools.checkers[lane].epochs.append(StoredCompiler(checker, store: store, epoch: epoch))
        }
      }
    }
    return tools
  }

  /// The lanes that a series concerns, those chosen by what it changes only where their toolchain is installed; none where
  /// it changes nothing that a kernel is built from.
  func lanes(for states: SeriesStates) -> [Lane] {
    let changed = states.changedPaths
    return lanes.filter { lane in
      lane.isUsed(changing: changed) && (lane.paths == nil || Toolchain(lane).isInstalled)
        && changed.contains { path in
          KernelPaths.mayBeCompiled(path) || KernelPaths.configures(path, architecture: lane.architectureFolder)
        }
    }
  }

  /// The states at which a lane has to be configured, the base first.
  private static func epochStarts(_ states: [SeriesState], but idle: Set<String>, architecture: String) -> [Int] {
    [0]
      + states.filter { state in
        state.changed.contains { KernelPaths.configures($0, architecture: architecture) && !idle.contains($0) }
      }.map(\.index)
  }

  /// The changed scripts that nothing names which a build reads, so that no build runs them.
  private static func scriptsOutsideBuilds(
    changedBy states: [SeriesState], base: BaseTree
  ) async throws(Failure) -> Set<String> {
    // A program that a build compiles is named there without its suffix.
    let scripts = Set(states.flatMap(\.changed)).filter { path in
      path.hasPrefix("scripts/") && !KernelPaths.isMakefile(path)
        && states.allSatisfy { ($0.overlay[path]?.bytes ?? base.contents(of: path) ?? []).starts(with: "#!".utf8) }
    }
    guard !scripts.isEmpty else { return [] }
    func name(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }
    let readers = ["*Makefile*", "*Kbuild*", "*Kconfig*", "*.mk", "*.sh", "scripts", "arch"]
    let lines = try await TreeGrep.lines("-oIF", for: scripts.map(name), in: readers, of: base.directory)
    var mentions: [(path: String, text: String)] = lines.map { line in
      let fields = line.split(separator: ":", maxSplits: 1)
      return (path: String(fields[0]), text: String(fields.last ?? ""))
    }
    for (path, state) in states.flatMap(\.overlay) {
      mentions.append((path, String(decoding: state.bytes ?? [], as: UTF8.self)))
    }
    return scripts.filter { script in !mentions.contains { $0.path != script && $0.text.contains(name(script)) } }
  }

  private nonisolated(nonsending) func root(
    _ start: Int, _ states: [SeriesState], base: BaseTree, scratch: String
  ) async throws(Failure) -> BaseTree {
    guard start > 0, let tree = ObjectID(hex: states[start - 1].tree) else { return base }
    return try await BaseCheckout.make(
      tree, from: repository, cache: cache, scratch: scratch, like: base, progress: progress)
  }

  /// The states of the epoch that begins at `start`.
  private static func states(from start: Int, _ starts: [Int], _ states: [SeriesState]) -> ClosedRange<Int> {
    start...(starts.first { $0 > start }.map { $0 - 1 } ?? states.count)
  }
}
