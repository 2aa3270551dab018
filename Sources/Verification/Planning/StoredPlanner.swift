import Diagnostics
import Support

/// A planner whose plans are kept: the plan between two trees never changes.
struct StoredPlanner: Sendable {
  let planner: UnitPlanner
  let store: VerdictStore

  /// The plans of a series by architecture and state.
  func plans(
    _ states: [SeriesState], architectures: Set<String>, exhaustive: Bool
  ) async throws(Failure) -> [String: [Int: LanePlan]] {
    let all = architectures.sorted().flatMap { architecture in
      zip([nil] + states, states).map { (architecture: architecture, earlier: $0, state: $1) }
    }
    let plans = try await concurrently(all) { (one) async throws(Failure) in
      try await plan(one.state, after: one.earlier, architecture: one.architecture, exhaustive: exhaustive)
    }
    return zip(all, plans).reduce(into: [:]) { $0[$1.0.architecture, default: [:]][$1.0.state.index] = $1.1 }
  }

  private nonisolated(nonsending) func plan(
    _ state: SeriesState, after earlier: SeriesState?, architecture: String, exhaustive: Bool
  ) async throws(Failure) -> LanePlan {
    // Another build of the program may plan differently.
    let key = VerdictKey([
      "plan", VerdictKey.program, earlier?.tree ?? planner.base.id, state.tree, architecture, "\(exhaustive)",
    ])
    return try await store.value(key) { () async throws(Failure) in
      let plan = planner.plan(state, after: earlier, architecture: architecture, exhaustive: exhaustive)
      // Do not store a plan that was cut short.
      if Task.isCancelled { throw Failure(.interrupted, "interrupted") }
      return plan
    }
  }
}
