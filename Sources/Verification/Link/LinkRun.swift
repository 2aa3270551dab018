import Diagnostics
import Kbuild
import TreeIndex

/// Checks what each state of a series does to the link of one lane.
struct LinkRun: Sendable {
  let base: BaseTree
  let states: [SeriesState]
  let lane: LaneCompilers
  let objects: LaneObjects
  let index: TreeIndex
  let memory: IndexMemory
  let exports: ComputedExports

  /// The outcome of checking a state.
  struct Result: Sendable, Codable {
    var findings: [Finding] = []
    /// How many changed objects were checked.
    var objects = 0
    /// Whether something could not be decided.
    var isUnknown = false
    /// Wall time in seconds.
    var seconds = 0.0
    var work = CompileWork()
  }

  /// Checks each state; the results are by state.
  func run() async throws(Failure) -> [Int: Result] {
    var known = KnownImports(objects.found)
    var results: [Int: Result] = [:]
    // A state that does not link stays broken until a later one fixes it: from it on, all changes count as one.
    var pending: [ObjectChange] = []
    for state in states {
      pending = Self.joined(pending, objects.changes[state.index] ?? [])
      let result = try await check(pending, at: state, known)
      results[state.index] = result
      if result.findings.contains(where: { $0.severity == .error }) { continue }
      known = known.forgetting(LinkRules<LaneWorld>.touched(by: pending))
      pending = []
    }
    return results
  }

  /// The first later state at which a problem of a state is gone.
  func mends(_ finding: ReportedFinding, at index: Int) async throws(Failure) -> Int? {
    var known = KnownImports(objects.found)
    for state in states.prefix(index - 1) {
      known = known.forgetting(LinkRules<LaneWorld>.touched(by: objects.changes[state.index] ?? []))
    }
    var changes = objects.changes[index] ?? []
    for state in states.dropFirst(index) {
      changes = Self.joined(changes, objects.changes[state.index] ?? [])
      let result = try await check(changes, at: state, known)
      let isThere = result.findings.contains { $0.place?.file == finding.file && $0.message == finding.message }
      if !isThere { return result.isUnknown ? nil : state.index }
    }
    return nil
  }

  /// Joins the changes of two steps into those of one.
  private static func joined(_ first: [ObjectChange], _ second: [ObjectChange]) -> [ObjectChange] {
    let before = Dictionary(uniqueKeysWithValues: first.map { ($0.object, $0) })
    let later = Set(second.map(\.object))
    return first.filter { !later.contains($0.object) }
      + second.map { change in
        var change = change
        if let first = before[change.object] { change.before = first.before }
        return change
      }
  }

  private func check(
    _ changes: [ObjectChange], at state: SeriesState, _ known: KnownImports
  ) async throws(Failure) -> Result {
    guard !changes.isEmpty else { return Result() }
    let start = ContinuousClock.now
    let world = LaneWorld(
      lane, at: state.index, view: TreeView(base: base, overlay: state.overlay),
      index: StateIndex(index, overlay: state.overlay, memory: memory), exports: exports)
    var findings = try await LinkRules(world: world, known: known).findings(for: changes)
    let unknown = world.unknown
    if !unknown.isEmpty, !findings.isEmpty {
      // Those objects may provide everything that seems to be missing.
      findings = unknown.sorted().map {
        Finding(.warning, at: Place($0), "does not compile here, so what links against it is not known")
      }
    }
    let isUnknown = findings.contains { $0.severity == .warning }
    return Result(
      findings: findings, objects: changes.count, isUnknown: isUnknown,
      seconds: (ContinuousClock.now - start).seconds, work: world.work)
  }
}
