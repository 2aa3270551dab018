import Diagnostics
import FoundationEssentials
import Glibc

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
        plans[state.index] = try plan(state, after: earlier, architecture: architecture, exhaustive: exhaustive)
      }
      return plans
    }
    return Dictionary(uniqueKeysWithValues: zip(all, plans))
  }

  private func plan(
    _ state: SeriesState, after earlier: SeriesState?, architecture: String, exhaustive: Bool
  ) throws(Failure) -> LanePlan {
    if Task.isCancelled { throw Failure(.interrupted, "interrupted") }
    let key = VerdictKey([
      "plan", Self.program, earlier?.tree ?? planner.base.id, state.tree, architecture, "\(exhaustive)",
    ])
    if let bytes = store.read(key), let plan = try? JSONDecoder().decode(LanePlan.self, from: Data(bytes)) {
      return plan
    }
    let plan = planner.plan(state, after: earlier, architecture: architecture, exhaustive: exhaustive)
    if Task.isCancelled { throw Failure(.interrupted, "interrupted") }
    if let data = try? JSONEncoder().encode(plan) { try store.write(Array(data), key) }
    return plan
  }

  /// What tells this build of the program from any other: a plan is only as good as the planner.
  private static let program: String = {
    var status = stat()
    guard stat("/proc/self/exe", &status) == 0 else { return "" }
    return "\(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }()
}
