import Diagnostics
import Git
import Kbuild
import Support
import TreeIndex

/// What the checks have found so far, before it becomes a report.
struct VerificationRun: Sendable {
  let source: SeriesSource
  let states: SeriesStates
  var results: VerificationResults
  /// What kernel-doc says of a file at a state; nil when it did not run.
  var documentation: (@Sendable (_ state: SeriesState, _ file: String) async throws(Failure) -> [Diagnostic])?
  /// What the checks have looked at so far; nil before any check that accounts for files has run.
  var files: ChangedFiles?
  /// Kept to compile other states when a commit falls.
  var compilers: [LaneCompilers] = []

  init(
    source: SeriesSource, states: SeriesStates, base: VerifyReport.Base, accepted: [Acceptance] = [],
    shard: Shard? = nil
  ) {
    self.source = source
    self.states = states
    results = VerificationResults(source, states, base: base, accepted: accepted, shard: shard)
  }

  func report() -> VerifyReport { results.report() }

  /// Whether every hunk applies at the line that it states. `mail` accepts no verdict on other patches.
  var isExact: Bool { states.distances.isEmpty }

  /// Notes which of the files that findings name are in no tree of the series.
  mutating func noteStrays(in repository: Repository) {
    let findings = results.commits().flatMap(\.checks).flatMap(\.findings)
    let named = Set(findings.compactMap(\.file) + results.accepted.map(\.place.file))
    let base = ObjectID(hex: results.base.tree)
    results.strays = named.filter { path in
      let isMade = states.states.contains { $0.overlay[path]?.bytes != nil }
      return !isMade && base.flatMap { try? repository.file(at: path, in: $0) } == nil
    }
  }

  /// Runs the structure rules over all states.
  mutating func checkStructure(base: BaseTree, index: TreeIndex) async throws(Failure) {
    let start = ContinuousClock.now
    let patches = states.states.map { state in
      let view = TreeView(base: base, overlay: state.overlay)
      return Dictionary(uniqueKeysWithValues: state.changed.map { ($0, view.contents(of: $0)) })
    }
    let rules = StructureRules(patches, contents: base.contents(of:))
    let paths = Set(StateIndex(index).paths(naming: rules.words).values.joined())
    let found = rules.findings(in: paths)
    let seconds = (ContinuousClock.now - start).seconds / Double(max(1, found.count))
    var stubs = StubHistory()
    var modes: [String: Finding] = [:]
    var before = TreeView(base: base)
    for (state, var findings) in zip(states.states, found) {
      let after = TreeView(base: base, overlay: state.overlay)
      let changed = states.modes[state.index] ?? [:]
      // A mode stays at later states, until one changes it again.
      for (path, finding) in changed { modes[path] = finding }
      let headers = state.changed.filter { $0.hasSuffix(".h") }
      let new = stubs.advance(headers, before: before.contents(of:), after: after.contents(of:))
      findings.new += changed.sorted { $0.key < $1.key }.compactMap(\.value) + new
      findings.standing += modes.sorted { $0.key < $1.key }.map(\.value) + stubs.standing
      results.structure[state.index] = .init(found: findings, seconds: seconds)
      before = after
    }
  }

  /// Compiles what each state affects, notes the changed files that this accounts for, checks the link, and runs sparse
  /// if asked to.
  mutating func compile(
    in tools: LaneTools, base: BaseTree, index: TreeIndex, store: VerdictStore, exhaustive: Bool = false,
    progress: Progress
  ) async throws(Failure) {
    let lanes = tools.compilers
    let planner = StoredPlanner(planner: UnitPlanner(base: base, index: index), store: store)
    let byArchitecture = try await progress.step("Planning what to compile") { () async throws(Failure) in
      try await planner.plans(
        states.states, architectures: Set(lanes.map(\.architecture)), exhaustive: exhaustive)
    }
    let memory = IndexMemory(index)
    var plans = Dictionary(uniqueKeysWithValues: lanes.map { ($0.name, byArchitecture[$0.architecture] ?? [:]) })
    let reconfiguration = Reconfiguration(base: base, states: states.states, index: index, memory: memory)
    for lane in lanes {
      let found = try await progress.step("Comparing configurations of lane \(lane.name)") { () async throws(Failure) in
        try await reconfiguration.run(lane)
      }
      for (state, sources) in found.affected {
        plans[lane.name]?[state]?.affected.formUnion(sources)
        plans[lane.name]?[state]?.code.formUnion(sources)
      }
      for (state, sources) in found.dropped { plans[lane.name]?[state]?.dropped = sources }
      for (state, findings) in found.unchecked {
        results.unplaced[state, default: [:]][lane.name, default: []] += findings
        results.incomplete.insert(state)
      }
    }
    var matrix = CompileMatrix(base: base, states: states.states, progress: progress)
    let (unitPlanner, series) = (planner.planner, states.states)
    matrix.includers = { header, state, architecture in
      unitPlanner.sources(including: header, at: series[state - 1], architecture: architecture)
    }
    let result = try await matrix.run(lanes, plans)
    results.lanes = lanes.map(\.name)
    compilers = lanes
    (results.cells, results.work) = (result.cells, result.work)
    results.work?.noteSlowest(result.cells)
    for cell in result.cells where cell.environment != nil || cell.isStillBroken {
      results.incomplete.insert(cell.state)
    }
    var files = ChangedFiles(states.states, base: base)
    for (state, seen) in result.seen { files.note(seen, at: state) }
    for cell in result.cells { files.note([cell.source], at: cell.state) }
    try await progress.step("Looking for changed files that only the build reads") { () async throws(Failure) in
      try await files.noteBuildFiles(of: lanes)
      try await noteListedRemovals()
    }
    self.files = files
    try await progress.step("Checking changed lines that every lane drops") { () async throws(Failure) in
      try await checkConditionalLines(matrix, lanes, base: base, store: store)
    }
    let names = RemovedNames(
      base: base, states: states.states, index: index, memory: memory,
      seen: result.seen.values.reduce(into: []) { $0.formUnion($1) })
    try await progress.step("Searching for names that are gone") { () async throws(Failure) in
      try await noteRemovedNames(names)
    }
    let exports = ComputedExports(base: base, index: StateIndex(index), store: store)
    let runs = lanes.map { lane in
      LinkRun(
        base: base, states: states.states, lane: lane, objects: result.objects[lane.name] ?? LaneObjects(),
        index: index, memory: memory, exports: exports)
    }
    try await link(runs, progress: progress)
    if !tools.checkers.isEmpty {
      var matrix = matrix
      matrix.tool = .sparse
      results.sparse = try await matrix.run(tools.checkers, plans).cells
    }
  }

  /// Finds the first bad commit, and the patch that fixes it.
  mutating func explain(base: BaseTree) async throws(Failure) {
    results.firstBad = try await Explanation(run: self).firstBad(base: base)
  }

  private mutating func link(_ runs: [LinkRun], progress: Progress) async throws(Failure) {
    let name = "Checking what links"
    let start = ContinuousClock.now
    progress.report(.began(name))
    let report = { (done: Int) in progress.report(.advanced(name, done: done, total: runs.count)) }
    let found = try await concurrently(runs, done: report) { (run) async throws(Failure) in try await run.run() }
    for (run, found) in zip(runs, found) {
      results.links[run.lane.name] = found
      for (state, result) in found {
        results.work?.add(result.work)
        if !result.isKnown { results.incomplete.insert(state) }
      }
    }
    let objects = results.links.values.flatMap(\.values).map(\.objects).reduce(0, +)
    progress.report(
      .ended(name, outcome: "\(objects) changed objects", seconds: (ContinuousClock.now - start).seconds))
  }

  /// Reports what still names something that a state takes away, where no lane compiles it.
  private mutating func noteRemovedNames(_ names: RemovedNames) async throws(Failure) {
    // A shard does not know what the lanes of others compile.
    guard results.shard == nil else { return }
    for (state, findings) in try await names.findings() where !findings.isEmpty {
      results.unplaced[state, default: [:]][nil, default: []] += findings
      if findings.contains(where: { $0.severity == .warning }) { results.incomplete.insert(state) }
    }
  }

  /// Checks the changed lines that the preprocessor drops in every lane.
  private mutating func checkConditionalLines(
    _ matrix: CompileMatrix, _ lanes: [LaneCompilers], base: BaseTree, store: VerdictStore
  ) async throws(Failure) {
    // A shard does not know what the lanes of others keep.
    guard results.shard == nil else { return }
    let lines = ConditionalLines(base: base, states: states.states, lanes: lanes, includers: matrix.includers)
    let key = VerdictKey(
      ["conditional lines", VerdictKey.program, base.id] + states.states.map(\.tree)
        + lanes.flatMap { $0.epochs.map(\.compiler.identity) })
    let found = try await store.value(key) { () async throws(Failure) in try await lines.run() }
    for (state, result) in found {
      for (lane, findings) in result.broken where !findings.isEmpty {
        results.unplaced[state, default: [:]][lane, default: []] += findings
      }
      if !result.unread.isEmpty { results.unplaced[state, default: [:]][nil, default: []] += result.unread }
      if !result.unread.isEmpty { results.incomplete.insert(state) }
    }
  }

  /// Reports each source that a state removes while a lane still builds an object of it.
  ///
  /// The makefiles of the epoch tell whether Kbuild lists the object. A state that changes makefiles begins an epoch
  /// and is left out.
  private mutating func noteListedRemovals() async throws(Failure) {
    for state in states.states {
      let removed = state.changed.filter { state.overlay[$0] == .deleted && KernelPaths.isUnit($0) }
      guard !removed.isEmpty else { continue }
      for lane in compilers {
        guard let compiler = lane.at(state.index), compiler.epoch.states.contains(state.index - 1) else { continue }
        let commands = try await compiler.compiler.commands(for: removed)
        for (source, objects) in commands.sorted(by: { $0.key < $1.key }) where !objects.isEmpty {
          results.unplaced[state.index, default: [:]][lane.name, default: []].append(
            Finding(
              at: Place(source), "is gone, but Kbuild still builds \(objects[0].object)",
              notes: ["No rule to make target '\(objects[0].object)': drop it from its makefile in the same commit"]))
        }
      }
    }
  }

  /// Concludes which changed files no check has looked at.
  mutating func account(base: BaseTree) {
    guard let files else { return }
    results.isAccounted = true
    let view = TreeView(base: base, overlay: states.states.last?.overlay ?? [:])
    let makefiles = Lazily { MakefileIndex(paths: base.paths, contents: view.contents) }
    (results.unchecked, results.exempt) = files.account { path, _ in
      guard KernelPaths.mayBeCompiled(path) || KernelPaths.isMakefile(path) || KernelPaths.isKconfig(path),
        FileRule.of(path).check == .compile
      else { return nil }
      let architecture = KernelPaths.architecture(path)
      if let architecture, !compilers.contains(where: { $0.architecture == architecture }) {
        return ("no lane is of the architecture '\(architecture)'", "a lane for it")
      }
      guard KernelPaths.isUnit(path) else { return ("no lane reads it", nil) }
      if let missing = makefiles.value.whyNot(path) { return ("no lane compiles it", "a lane where \(missing)") }
      return ("no lane compiles it", makefiles.value.lists(path) ? nil : "a makefile that names it")
    }
  }
}
