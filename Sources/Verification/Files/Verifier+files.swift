import Diagnostics
import FoundationEssentials
import Kbuild
import Processes

extension Verifier {
  /// Runs the checks of files that the lanes' compilers do not read, at each state that changes such files.
  nonisolated(nonsending) func checkFiles(
    _ run: inout VerificationRun, base: BaseTree, store: VerdictStore, scratch: String
  ) async throws(Failure) {
    let states = run.states.states
    let kinds = try await fileChecks(runsChanges: false, base: base, scratch: scratch)
    guard states.contains(where: { state in kinds.contains { $0.isConcerned(by: state) } }) else { return }
    let name = "Checking files that no compiler reads"
    let start = ContinuousClock.now
    progress.report(.began(name))
    var tree: WorkTree?
    var runsChanges = false
    for state in states {
      runsChanges = runsChanges || state.changed.contains(where: KernelPaths.mayRun)
      guard run.results.shard?.has(state.index - 1) ?? true else { continue }
      for check in try await fileChecks(runsChanges: runsChanges, base: base, scratch: scratch)
      where check.isConcerned(by: state) {
        guard depth >= check.depth else {
          let missing = FileLook.Missing(why: "no check of this depth looks at it", needs: "--depth \(check.depth)")
          for path in state.changed where check.covers(path) { run.files?.miss(path, at: state.index, missing) }
          continue
        }
        let earlier = state.index > 1 ? states[state.index - 2].tree : base.id
        let key = VerdictKey(
          ["files", VerdictKey.program, check.name.rawValue, check.identity, earlier, state.tree])
        let result = try await store.value(key) { () async throws(Failure) in
          let began = ContinuousClock.now
          if tree == nil {
            tree = try WorkTree(base: base, states: states, of: repository, in: "\(scratch)/tree")
          }
          guard let before = try tree?.move(to: state.index - 1) else { preconditionFailure() }
          let earlier = try await check.look(at: state.changed, in: before)
          guard let after = try tree?.move(to: state.index) else { preconditionFailure() }
          let look = try await check.look(at: state.changed, in: after)
          return FileCheckResult(
            new: look.problems(since: earlier), after: look, seconds: (ContinuousClock.now - began).seconds)
        }
        run.take(result, of: check.name, at: state)
      }
      progress.report(.advanced(name, done: state.index, total: states.count))
    }
    progress.report(.ended(name, outcome: nil, seconds: (ContinuousClock.now - start).seconds))
  }

  /// The checks, as they run at a state that does or does not come after a change of what a build runs.
  private nonisolated(nonsending) func fileChecks(
    runsChanges: Bool, base: BaseTree, scratch: String
  ) async throws(Failure) -> [any FileCheck] {
    let kbuild = Kbuild(
      cache: scratch, progress: progress, jobs: jobs, sandbox: try await sandboxing.sandbox(runsChanges: runsChanges))
    return [
      MaintainersCheck(script: "\(base.directory)/scripts/get_maintainer.pl"),
      DevicetreeCheck(kbuild: kbuild, lanes: lanes, scratch: scratch),
      UserspaceCheck(kbuild: kbuild, scratch: scratch),
      try await DocumentationCheck(scratch: scratch, sandbox: kbuild.sandbox),
    ]
  }
}

extension VerificationRun {
  /// Takes over what a check says of a state.
  fileprivate mutating func take(_ result: FileCheckResult, of check: CheckName, at state: SeriesState) {
    files?.note(result.after.seen.intersection(state.changed), at: state.index)
    for (path, missing) in result.after.missing { files?.miss(path, at: state.index, missing) }
    results.fileLooks[state.index, default: [:]][check] = result.after
    guard !result.after.seen.isEmpty || !result.new.isEmpty else { return }
    results.reports[state.index, default: []].append(
      CheckReport(
        name: check, verdict: result.new.isEmpty ? .pass : .fail, units: result.after.seen.count,
        seconds: result.seconds, findings: result.new.map { ReportedFinding($0, in: "") }))
  }
}
