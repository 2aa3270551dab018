import Diagnostics
import Kbuild

/// What the checks have found so far, on its way to a report.
struct VerificationFindings: Sendable {
  let source: SeriesSource
  let states: SeriesStates
  let base: VerifyReport.Base
  var applySeconds = 0.0
  /// The callbacks that migrate, by struct; what the structure rules read off the series.
  private var families: [Set<String>] = []
  /// By state index.
  var structure: [Int: (found: StructureRules.StateFindings, seconds: Double)] = [:]
  var lanes: [String] = []
  var cells: [CompileMatrix.Cell] = []
  /// Problems of the compile check that belong to no lane, by state index.
  var unplaced: [Int: [Finding]] = [:]
  /// States that could not be checked in full, by index.
  var incomplete: Set<Int> = []
  var neverCompiled: [String] = []
  var firstBad: FirstBad?
  var compiled = false

  init(source: SeriesSource, states: SeriesStates, base: VerifyReport.Base) {
    self.source = source
    self.states = states
    self.base = base
  }

  /// Every path the series changes at some state.
  var changedPaths: Set<String> { Set(states.states.flatMap(\.changed)) }

  /// Runs the structure rules over all states.
  mutating func checkStructure(base: BaseTree, sources: SourceIndex) async throws(Failure) {
    let start = ContinuousClock.now
    let patches = states.states.map { state in
      let view = TreeView(base: base, overlay: state.overlay)
      return Dictionary(uniqueKeysWithValues: state.changed.map { ($0, view.contents(of: $0)) })
    }
    let rules = StructureRules(patches, contents: base.contents(of:))
    families = rules.families
    let paths = Set(try await sources.paths(naming: rules.words).values.joined())
    let found = rules.findings(in: paths)
    let seconds = (ContinuousClock.now - start).seconds / Double(max(1, found.count))
    for (state, findings) in zip(states.states, found) { structure[state.index] = (findings, seconds) }
    firstBad = try await Explanation(findings: self, compilers: [], commands: [:]).firstBad(base: base)
  }

  /// Compiles what each state affects, then looks for what nothing compiled and for what mends the first bad commit.
  mutating func compile(
    with compilers: [StoredCompiler], base: BaseTree, sources: SourceIndex, restricted: Bool, progress: Progress
  ) async throws(Failure) {
    let states = self.states.states
    let planner = UnitPlanner(base: base, sources: sources, families: families)
    var plan: [Int: [String]] = [:]
    for (index, state) in states.enumerated() {
      plan[state.index] = try await planner.units(of: state, after: index > 0 ? states[index - 1] : nil)
    }
    for state in states where plan[state.index]?.isEmpty == true {
      for header in state.changed where UnitPlanner.isGlobalHeader(header) {
        plan[state.index, default: []] += try await planner.witnesses(of: header)
      }
    }
    let matrix = CompileMatrix(base: base, states: states, plan: plan, progress: progress)
    let result = try await matrix.run(compilers)
    compiled = true
    lanes = compilers.map(\.lane)
    cells = result.cells
    for cell in cells where cell.environment != nil { incomplete.insert(cell.state) }
    noteBrokenBase(result.brokenBase, plan)
    noteUncompiled(result.seen, base: base, restricted: restricted)
    let explanation = Explanation(findings: self, compilers: compilers, commands: result.commands)
    firstBad = try await explanation.firstBad(base: base)
  }

  private mutating func noteBrokenBase(_ broken: [(lane: String, unit: String)], _ plan: [Int: [String]]) {
    for (lane, unit) in broken.sorted(by: { ($0.unit, $0.lane) < ($1.unit, $1.lane) }) {
      guard let state = plan.filter({ $0.value.contains(unit) }).keys.min() else { continue }
      unplaced[state, default: []].append(
        Finding(.warning, at: Place(unit), "does not compile at the base in the lane \(lane), so nothing can be said"))
      incomplete.insert(state)
    }
  }

  /// A changed file that no compiler read is a finding at the first patch that changes it.
  private mutating func noteUncompiled(_ seen: Set<String>, base: BaseTree, restricted: Bool) {
    let last = states.states.last?.overlay ?? [:]
    let changed = changedPaths.filter { SourceIndex.isKernelSource($0) && $0.hasSuffix(".c") && last[$0] != .deleted }
    neverCompiled = changed.subtracting(seen).sorted()
    let headers = changedPaths.filter { SourceIndex.isKernelSource($0) && $0.hasSuffix(".h") && last[$0] != .deleted }
    for path in neverCompiled + headers.subtracting(seen).sorted() {
      guard let state = states.states.first(where: { $0.changed.contains(path) }) else { continue }
      let isKnown = base.has(path)
      let message =
        isKnown
        ? "no lane compiles this changed file"
        : "no lane compiles this added file: lanes are configured for the base"
      let undecided = restricted || !isKnown || path.hasSuffix(".h")
      unplaced[state.index, default: []].append(Finding(undecided ? .warning : .error, at: Place(path), message))
      if undecided { incomplete.insert(state.index) }
    }
  }
}
