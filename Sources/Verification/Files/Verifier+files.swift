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
    var checks = try await fileChecks(runsChanges: false, base: base, scratch: scratch)
    guard states.contains(where: { state in checks.contains { $0.isConcerned(by: state) } }) else { return }
    let name = "Checking files that no compiler reads"
    let start = ContinuousClock.now
    progress.report(.began(name))
    var tree: WorkTree?
    var runsChanges = false
    for state in states {
      if !runsChanges, state.changed.contains(where: KernelPaths.mayRun) {
        runsChanges = true
        checks = try await fileChecks(runsChanges: true, base: base, scratch: scratch)
      }
      guard run.results.shard?.has(state.index - 1) ?? true else { continue }
      for check in checks where check.isConcerned(by: state) {
        guard depth >= check.depth else {
          let missing = FileLook.Missing(why: "no check of this depth looks at it", needs: "--depth \(check.depth)")
          for path in state.changed where check.covers(path) { run.files?.miss(path, at: state.index, missing) }
          continue
        }
        let earlier = state.index > 1 ? states[state.index - 2].tree : base.id
        let key = VerdictKey(
          ["files", VerdictKey.program, check.name.rawValue, check.identity, earlier, state.tree])
        // What is missing may be there the next time.
        let isWhole = { (result: FileCheckResult) in result.after.missing.isEmpty }
        let result = try await store.value(key, storing: isWhole) { () async throws(Failure) in
          let began = ContinuousClock.now
          var work: WorkTree
          if let tree {
            work = tree
          } else {
            work = try WorkTree(base: base, states: states, of: repository, in: "\(scratch)/tree")
          }
          defer { tree = work }
          let before = try work.move(to: state.index - 1, renewing: state.changed)
          let earlier = try await check.look(at: state.changed, in: before)
          let after = try work.move(to: state.index, renewing: state.changed)
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
    let compilers = try await versions(
      of: ["gcc"] + Set(lanes.compactMap { Toolchain($0).programs.first?.name }).sorted())
    return [
      MaintainersCheck(script: "\(base.directory)/scripts/get_maintainer.pl", scratch: scratch),
      DevicetreeCheck(kbuild: kbuild, lanes: lanes, compilers: compilers, scratch: scratch),
      UserspaceCheck(
        kbuild: kbuild, scratch: scratch,
        identity: [compilers, try await versions(of: ["python3", "perl", "bash"]), kbuild.sandbox?.name ?? ""].joined()),
      try await DocumentationCheck(scratch: scratch, sandbox: kbuild.sandbox),
    ]
  }

  /// What programs print of their versions, those that are installed.
  private nonisolated(nonsending) func versions(of programs: [String]) async throws(Failure) -> String {
    var text = ""
    for program in programs where which(program) != nil { text += try await run(Command(program, ["--version"])).text }
    return text
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
