import Diagnostics

/// A planner whose plans are kept: what one tree means to another does not change.
struct StoredPlanner: Sendable {
  let planner: UnitPlanner
  let store: VerdictStore

  /// The plans of a series by architecture and state.
  func plans(
    _ states: [SeriesState], architectures: Set<String>, exhaustive: Bool
  ) async throws(Failure) -> [String: [Int: LanePlan]] {
    let all = architectures.sorted()
    let plans = try await concurrently(all) { (architecture) async throws(Failure) in
      var plans: [Int: LanePlan] = [:]
      for (earlier, state) in zip([nil] + states, states) {
        plans[state.index] = try await plan(state, after: earlier, architecture: architecture, exhaustive: exhaustive)
      }
      return plans
    }
    return Dictionary(uniqueKeysWithValues: zip(all, plans))
  }

  private nonisolated(nonsending) func plan(
    _ state: SeriesState, after earlier: SeriesState?, architecture: String, exhaustive: Bool
  ) async throws(Failure) -> LanePlan {
    // A plan is only as good as the planner.
    let key = VerdictKey([
      "plan", VerdictKey.program, earlier?.tree ?? planner.base.id, state.tree, architecture, "\(exhaustive)",
    ])
    return try await store.value(key) { () async throws(Failure) in
      let plan = planner.plan(state, after: earlier, architecture: architecture, exhaustive: exhaustive)
      // One that was cut short is none.
      if Task.isCancelled { throw Failure(.interrupted, "interrupted") }
      return plan
    }
  }
}
