import Diagnostics
import Kbuild

/// Why the first bad commit falls, and which later patch fixes it.
struct Explanation: Sendable {
  let run: VerificationRun

  /// The first bad commit found so far; nil when no commit falls.
  func firstBad(base: BaseTree) async throws(Failure) -> FirstBad? {
    let commits = run.results.commits()
    guard var bad = Self.plain(commits), let check = Self.failing(commits[bad.index - 1]) else { return nil }
    switch check.name {
    case .structure: bad.fixedBy = laterWithout(check.findings.first { $0.severity == .error }, after: bad.index)
    case .compile: if check.lane != nil { bad.fixedBy = try await mendedBy(bad, base: base) }
    case .link: bad.fixedBy = relinkedBy(check, after: bad.index)
    case .kernelDoc: bad.fixedBy = try await documentedBy(check, after: bad.index)
    case .devicetree, .rust, .userspace, .documentation: bad.fixedBy = lookedAtWithout(check, after: bad.index)
    default: break
    }
    if let patch = bad.fixedBy {
      bad.reason += FirstBad.separator + advice(Self.finding(check), bad.index, mendedBy: patch)
    }
    return bad
  }

  /// How to fix the series, judged by which of the two patches changes the file with the problem.
  private func advice(_ finding: ReportedFinding?, _ bad: Int, mendedBy patch: Int) -> String {
    func changes(_ index: Int) -> Bool {
      finding?.file.map { run.states.states[index - 1].changed.contains($0) } ?? false
    }
    let file = finding?.file ?? "it"
    let what = Self.subject(of: finding?.message ?? "").map { "\($0) that" } ?? "what"
    switch (changes(bad), changes(patch)) {
    case (true, false):
      return "patch \(bad) uses \(what) patch \(patch) adds: "
        + "move patch \(patch) before it, or that hunk into patch \(bad)"
    case (false, true):
      return "patch \(bad) removes \(what) \(file) uses until patch \(patch): "
        + "move patch \(bad) after it, or that hunk into patch \(bad)"
    case (true, true): return "patch \(patch) fixes \(file): that hunk belongs in patch \(bad)"
    case (false, false): return "patch \(patch) fixes it: the change that does so belongs in patch \(bad)"
    }
  }

  /// What a diagnostic says is missing: "a member".
  private static func subject(of message: String) -> String? {
    if message.contains("no member named") || message.contains("has no member")
      || message.contains("does not have here")
    {
      return "a member"
    }
    if message.contains("undeclared function") || message.contains("undefined") { return "a function" }
    return nil
  }

  /// The first failing check of the first falling commit, without a search for the patch that fixes it.
  static func plain(_ commits: [CommitReport]) -> FirstBad? {
    guard let commit = commits.first(where: { $0.verdict == .falls }),
      let check = failing(commit)
    else { return nil }
    return FirstBad(
      index: commit.index, check: check.name, lane: check.lane,
      reason: finding(check).map(FirstBad.reason) ?? "it fails", fixedBy: nil)
  }

  /// The finding that says why a check fails.
  private static func finding(_ check: CheckReport) -> ReportedFinding? {
    check.findings.first { $0.severity == .error } ?? check.findings.first
  }

  /// The check that best explains why a commit falls: a compiler's diagnostic before a static rule's finding.
  private static func failing(_ commit: CommitReport) -> CheckReport? {
    let failed = commit.checks.filter { $0.verdict == .fail }
    return failed.first { $0.name == .compile && $0.lane != nil } ?? failed.first
  }

  /// The first later state at which the structure rules find nothing in the file. A different finding there may be the
  /// same mistake, seen at a later state.
  private func laterWithout(_ finding: ReportedFinding?, after index: Int) -> Int? {
    run.results.structure.keys.sorted().first { later in
      later > index
        && !(run.results.structure[later]?.found.standing ?? []).contains { $0.place?.file == finding?.file }
    }
  }

  /// The first later state that changes the file and at which kernel-doc no longer says the same of it.
  private func documentedBy(_ check: CheckReport, after index: Int) async throws(Failure) -> Int? {
    guard let finding = Self.finding(check), let file = finding.file, let said = run.documentation else { return nil }
    for state in run.states.states where state.index > index && state.changed.contains(file) {
      if try await !said(state, file).contains(where: { $0.message == finding.message }) { return state.index }
    }
    return nil
  }

  /// The first later state at which the check looks at the file again and no longer says the same of it.
  private func lookedAtWithout(_ check: CheckReport, after index: Int) -> Int? {
    guard let finding = Self.finding(check), let file = finding.file else { return nil }
    return run.results.fileLooks.keys.sorted().first { later in
      guard later > index, let look = run.results.fileLooks[later]?[check.name] else { return false }
      let isSeen = look.seen.contains(file) || run.states.states[later - 1].changed.contains(file)
      return isSeen && !look.problems.contains { $0.file == file && $0.message == finding.message }
    }
  }

  /// The first later state at which what does not link is linked, or gone; nil when a state in between is not known.
  private func relinkedBy(_ check: CheckReport, after index: Int) -> Int? {
    guard let finding = Self.finding(check), let lane = check.lane,
      let results = run.results.links[lane]
    else { return nil }
    for later in results.keys.sorted() where later > index {
      guard let result = results[later], result.undecided.isEmpty else { return nil }
      let isThere = result.standing.contains { $0.place?.file == finding.file && $0.message == finding.message }
      if !isThere { return later }
    }
    return nil
  }

  /// The first later state at which the unit compiles without its new problems. Compiles it where no result is stored.
  private func mendedBy(_ bad: FirstBad, base: BaseTree) async throws(Failure) -> Int? {
    let cells = run.results.cells.filter { $0.state == bad.index && $0.lane == bad.lane && !$0.new.isEmpty }
    guard let cell = cells.min(by: { $0.object < $1.object }),
      let lane = run.compilers.first(where: { $0.name == cell.lane })
    else { return nil }
    let states = run.states.states
    func outlines(_ state: SeriesState) -> OutlineCache { OutlineCache(TreeView(base: base, overlay: state.overlay)) }
    let here = outlines(states[bad.index - 1])
    let problems = Set(cell.new.map { DiagnosticComparison.Key($0, here) })
    for state in states[bad.index...] where state.overlay[cell.source] != .deleted {
      guard let compiler = lane.at(state.index),
        let command = try await compiler.compiler.commands(for: [cell.source])[cell.source]?
          .first(where: { $0.object == cell.object }),
        case .finished(let result) = try await compiler.compile(command, at: state.index).outcome
      else { return nil }
      let there = outlines(state)
      if problems.isDisjoint(with: result.diagnostics.map { DiagnosticComparison.Key($0, there) }) {
        return state.index
      }
    }
    return nil
  }
}
