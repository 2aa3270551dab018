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
    /// What is new at the state.
    var findings: [Finding] = []
    /// All that is wrong at the state, what earlier states left wrong included.
    var standing: [Finding] = []
    /// What could not be decided.
    var undecided: [Finding] = []
    /// Whether an object that was asked for does not compile, so that nothing can be said of what was changed.
    var isMasked = false
    /// How many changed objects were checked.
    var objects = 0
    /// Wall time in seconds.
    var seconds = 0.0
    var work = CompileWork()

    /// Whether everything was decided, and nothing is left broken by an earlier state.
    var isKnown: Bool { undecided.isEmpty && (!findings.isEmpty || standing.isEmpty) }

    /// What an earlier state broke, in short.
    var inherited: [Finding] {
      guard findings.isEmpty else { return [] }
      return Set(standing.compactMap(\.place?.file)).sorted().map {
        Finding(.note, at: Place($0), "still does not link: an earlier commit broke it")
      }
    }
  }

  /// Checks each state; the results are by state.
  func run() async throws(Failure) -> [Int: Result] {
    var known = KnownImports(objects.found)
    var results: [Int: Result] = [:]
    // A state that does not link stays broken until a later one fixes it: from it on, all changes count as one.
    var pending: [ObjectChange] = []
    var last = Result()
    for state in states {
      let changes = objects.changes[state.index] ?? []
      pending = Self.joined(pending, changes)
      var result = Result(standing: last.standing)
      if !changes.isEmpty {
        result = try await check(pending, at: state, known)
        if result.isMasked { result.standing = last.standing }
        result.findings = result.standing.filter { !$0.isAmong(last.standing) }
      }
      results[state.index] = result
      last = result
      if !result.standing.isEmpty || result.isMasked { continue }
      known = known.forgetting(LinkChanges(pending).touched)
      pending = []
    }
    return results
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
    var found = try await LinkCheck(world: world, changes: changes, known: known).findings()
    let unknown = world.unknown
    let isMasked = !unknown.isEmpty && !(found.broken.isEmpty && found.undecided.isEmpty)
    if isMasked {
      // Those objects may provide everything that seems to be missing.
      found.broken = []
      found.undecided = unknown.sorted().map {
        Finding(.warning, at: Place($0), "does not compile here, so what links against it is not known")
      }
    }
    return Result(
      standing: found.broken, undecided: found.undecided, isMasked: isMasked, objects: changes.count,
      seconds: (ContinuousClock.now - start).seconds, work: world.work)
  }
}

extension Finding {
  /// Whether the same is among findings about another state, where the line may be another.
  func isAmong(_ others: [Finding]) -> Bool {
    others.contains { $0.message == message && $0.place?.file == place?.file }
  }
}
