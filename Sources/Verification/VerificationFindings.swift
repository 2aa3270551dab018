import Diagnostics
import Kbuild
import TreeIndex

/// What the checks have found so far, on its way to a report.
struct VerificationFindings: Sendable {
  let source: SeriesSource
  let states: SeriesStates
  let base: VerifyReport.Base
  /// What the author of the series lets stand.
  let accepted: [Acceptance]
  var applySeconds = 0.0
  /// By state index.
  var structure: [Int: (found: StructureRules.StateFindings, seconds: Double)] = [:]
  /// What the kernel's own scripts found, by state index.
  var scripts: [Int: [CheckReport]] = [:]
  var lanes: [String] = []
  var cells: [CompileMatrix.Cell] = []
  /// What sparse said; nil where it was not asked.
  var sparse: [CompileMatrix.Cell]?
  var work: CompileWork?
  /// What the link check found, by lane and state index.
  var links: [String: [Int: LinkRun.Result]] = [:]
  /// Problems of the compile check that belong to no unit: by state index, then by lane, nil for none.
  var unplaced: [Int: [String?: [Finding]]] = [:]
  /// States that could not be checked in full, by index.
  var incomplete: Set<Int> = []
  var neverCompiled: [String] = []
  var firstBad: FirstBad?
  /// What can be asked about other states once something fell.
  var compilers: [LaneCompilers] = []
  var linkRuns: [LinkRun] = []

  init(source: SeriesSource, states: SeriesStates, base: VerifyReport.Base, accepted: [Acceptance] = []) {
    self.source = source
    self.states = states
    self.base = base
    self.accepted = accepted
  }

  /// Every path the series changes at some state.
  var changedPaths: Set<String> { Set(states.states.flatMap(\.changed)) }

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
    var modes: [Finding] = []
    var before = TreeView(base: base)
    for (state, var findings) in zip(states.states, found) {
      let after = TreeView(base: base, overlay: state.overlay)
      let executable = (states.modes[state.index] ?? []).map { path in
        Finding(at: Place(path), "becomes executable (mode 100755), and is no script")
      }
      // It stays so.
      modes += executable
      let headers = state.changed.filter { $0.hasSuffix(".h") }
      let new = stubs.advance(headers, before: before.contents(of:), after: after.contents(of:))
      findings.new += executable + new
      findings.standing += modes + stubs.standing
      structure[state.index] = (findings, seconds)
      before = after
    }
  }

  /// Compiles what each state affects, then looks for what nothing compiled and for what mends the first bad commit.
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
    let plans = Dictionary(uniqueKeysWithValues: lanes.map { ($0.name, byArchitecture[$0.architecture] ?? [:]) })
    let matrix = CompileMatrix(base: base, states: states.states, progress: progress)
    let result = try await matrix.run(lanes, plans)
    self.lanes = lanes.map(\.name)
    compilers = lanes
    (cells, work) = (result.cells, result.work)
    for cell in cells where cell.environment != nil { incomplete.insert(cell.state) }
    noteBrokenBase()
    noteUncompiled(result.seen.union(cells.map(\.source)), base: base)
    try await noteListedRemovals()
    let exports = ComputedExports(base: base, index: StateIndex(index), store: store)
    let memory = WordMemory(index)
    let runs = lanes.map { lane in
      LinkRun(
        base: base, states: states.states, lane: lane, objects: result.objects[lane.name] ?? LaneObjects(),
        index: index, memory: memory, exports: exports)
    }
    try await link(runs, progress: progress)
    if !tools.checkers.isEmpty {
      var matrix = matrix
      matrix.tool = .sparse
      sparse = try await matrix.run(tools.checkers, plans).cells
    }
    linkRuns = runs
  }

  /// Finds the first bad commit, and what mends it.
  mutating func explain(base: BaseTree) async throws(Failure) {
    firstBad = try await Explanation(findings: self).firstBad(base: base)
  }

  private mutating func link(_ runs: [LinkRun], progress: Progress) async throws(Failure) {
    let name = "Checking what links"
    let start = ContinuousClock.now
    progress.report(.began(name))
    let report = { (done: Int) in progress.report(.advanced(name, done: done, total: runs.count)) }
    let results = try await concurrently(runs, done: report) { (run) async throws(Failure) in try await run.run() }
    for (run, results) in zip(runs, results) {
      links[run.lane.name] = results
      for (state, result) in results {
        work?.add(result.work)
        if result.isUnknown { incomplete.insert(state) }
      }
    }
    let objects = links.values.flatMap(\.values).map(\.objects).reduce(0, +)
    progress.report(
      .ended(name, outcome: "\(objects) changed objects", seconds: (ContinuousClock.now - start).seconds))
  }

  /// A source that is gone while a lane still builds an object of it cannot be built.
  ///
  /// That Kbuild lists the object is known from the lane's makefiles, which a state that changes them has of its own.
  private mutating func noteListedRemovals() async throws(Failure) {
    for state in states.states {
      let removed = state.changed.filter { state.overlay[$0] == .deleted && KernelSource.isUnit($0) }
      guard !removed.isEmpty else { continue }
      for lane in compilers {
        guard let compiler = lane.at(state.index), compiler.epoch.states.contains(state.index - 1) else { continue }
        let commands = try await compiler.compiler.commands(for: removed)
        for (source, objects) in commands.sorted(by: { $0.key < $1.key }) where !objects.isEmpty {
          unplaced[state.index, default: [:]][lane.name, default: []].append(
            Finding(
              at: Place(source), "is gone, and Kbuild still builds \(objects[0].object)",
              notes: ["No rule to make target '\(objects[0].object)': drop it from its makefile in the same commit"]))
        }
      }
    }
  }

  /// Units that the base does not compile either, each at the first state that affects it.
  private mutating func noteBrokenBase() {
    let compiled = Dictionary(grouping: cells.filter { !$0.isBrokenAtBase && $0.environment == nil }) { cell in
      [String(cell.state), cell.source]
    }
    var noted: Set<String> = []
    let broken = cells.indices.filter { cells[$0].isBrokenAtBase }
      .sorted {
        (cells[$0].source, cells[$0].lane, cells[$0].state) < (cells[$1].source, cells[$1].lane, cells[$1].state)
      }
    for index in broken {
      let cell = cells[index]
      let others = Set(compiled[[String(cell.state), cell.source]]?.map(\.lane) ?? []).sorted()
      cells[index].isCompiledElsewhere = !others.isEmpty
      if others.isEmpty { incomplete.insert(cell.state) }
      guard noted.insert("\(cell.source) \(cell.lane)").inserted else { continue }
      let told = others.isEmpty ? "so nothing can be said" : "it is checked in \(others.joined(separator: ", "))"
      unplaced[cell.state, default: [:]][cell.lane, default: []].append(
        Finding(
          others.isEmpty ? .warning : .note, at: Place(cell.source), "does not compile at the base either, \(told)"))
    }
  }

  /// A changed file that no compiler read is a finding at the first patch that changes it.
  private mutating func noteUncompiled(_ seen: Set<String>, base: BaseTree) {
    let last = states.states.last?.overlay ?? [:]
    let unread = changedPaths.filter {
      KernelSource.mayBeCompiled($0) && last[$0] != .deleted && !seen.contains($0)
    }
    neverCompiled = unread.filter(KernelSource.isUnit).sorted()
    guard !unread.isEmpty else { return }
    let view = TreeView(base: base, overlay: last)
    let makefiles = MakefileIndex(paths: base.paths, contents: view.contents)
    for path in unread.sorted() {
      guard let state = states.states.first(where: { $0.changed.contains(path) }) else { continue }
      let message = KernelSource.isUnit(path) ? "no lane compiles this changed file" : "no lane reads this changed file"
      let why = KernelSource.isUnit(path) ? makefiles.whyNot(path) : nil
      unplaced[state.index, default: [:]][nil, default: []].append(
        Finding(.warning, at: Place(path), message, notes: why.map { [$0] } ?? []))
      incomplete.insert(state.index)
    }
  }
}
