import Diagnostics
import Kbuild

extension VerificationResults {
  /// The report: one commit per patch. The checks of a patch that does not apply are skipped, and those of the commits
  /// after it too unless the run kept going.
  func report() -> VerifyReport {
    guard shard != nil else { return concluded.plainReport() }
    return plainReport()
  }

  /// What the checks say of each commit, with the conclusions that need all lanes where all are there.
  func commits() -> [CommitReport] { (shard == nil ? concluded : self).plainCommits() }

  private func plainCommits() -> [CommitReport] {
    var commits = subjects.indices.map { commit($0 + 1) }
    commits.noteUnused(accepted)
    return commits
  }

  private func plainReport() -> VerifyReport {
    let commits = plainCommits()
    let verdict: SeriesVerdict =
      commits.contains { $0.verdict == .falls }
      ? .falls : commits.contains { $0.verdict == .incomplete } ? .incomplete : .stands
    return VerifyReport(
      verdict: verdict, base: base, firstBad: verdict == .falls ? firstBad ?? Explanation.plain(commits) : nil,
      coverage: coverage, commits: commits,
      work: work, shard: shard, strays: strays)
  }

  /// What a shard has not looked at, others may.
  private var coverage: VerifyReport.Accounting {
    guard shard == nil else { return .init(changedFiles: changedFiles) }
    var files: [VerifyReport.Accounting.File] = []
    for file in unchecked where !files.contains(where: { $0.file == file.path }) {
      let accepted = acceptance(of: file)?.reason
      files.append(.init(file: file.path, why: file.why, needs: file.needs, accepted: accepted))
    }
    return .init(
      changedFiles: changedFiles, neverCompiled: neverCompiled, unchecked: files.sorted { $0.file < $1.file },
      exempt: exempt.map { .init(file: $0.path, why: $0.why) }, isAccounted: isAccounted)
  }

  private func commit(_ index: Int) -> CommitReport {
    let subject = subjects[index - 1]
    guard index <= trees.count, refused[index] == nil else {
      let problems = refused[index]
      let apply = CheckReport(
        name: .apply, verdict: problems == nil ? .skipped : .fail, findings: (problems ?? []).map { .init($0) })
      return CommitReport(
        index: index, subject: subject, tree: nil, verdict: problems == nil ? .incomplete : .falls, checks: [apply])
    }
    let checks = checks(index).map { $0.accepting(accepted) }
    let falls = checks.contains { $0.verdict == .fail }
    return CommitReport(
      index: index, subject: subject, tree: trees[index - 1],
      verdict: falls ? .falls : incomplete.contains(index) ? .incomplete : .stands, checks: checks)
  }

  private func checks(_ index: Int) -> [CheckReport] {
    var checks = [
      CheckReport(
        name: .apply, verdict: .pass, seconds: applySeconds / Double(max(1, subjects.count)),
        findings: (warnings[index] ?? []).map { .init($0) })
    ]
    if let structure = structure[index] {
      let found = structure.found.new
      checks.append(
        CheckReport(
          name: .structure, verdict: found.contains { $0.severity == .error } ? .fail : .pass,
          seconds: structure.seconds,
          findings: found.map { .init($0) }))
    }
    for lane in lanes { checks.append(check(index, lane)) }
    for lane in lanes {
      guard let link = links[lane]?[index] else { continue }
      checks.append(
        CheckReport(
          name: .link, lane: lane, verdict: !link.findings.isEmpty ? .fail : link.isKnown ? .pass : .skipped,
          units: link.objects, seconds: link.seconds,
          findings: (link.findings + link.undecided + link.inherited).map { .init($0) }))
    }
    if let found = unplaced[index]?[nil] {
      checks.append(
        CheckReport(
          name: .compile,
          verdict: found.contains { $0.severity == .error }
            ? .fail : found.contains { $0.severity == .warning } ? .skipped : .pass,
          findings: found.map { .init($0) }))
    }
    checks += (reports[index] ?? []) + lanes.compactMap { sparseCheck(index, $0) }
    if shard == nil { addUnchecked(index, to: &checks) }
    return checks
  }

  /// Adds the files of a state that no check has looked at to the checks that they belong to.
  private func addUnchecked(_ index: Int, to checks: inout [CheckReport]) {
    for file in unchecked where file.state == index {
      let acceptance = acceptance(of: file)
      var finding = ReportedFinding(
        Finding(
          acceptance == nil ? .warning : .note, at: Place(file.path), file.message,
          notes: file.needs.map { ["needs \($0)"] } ?? []))
      finding.accepted = acceptance?.reason
      let place = checks.firstIndex { $0.name == file.check && $0.lane == nil }
      if place == nil { checks.append(CheckReport(name: file.check, verdict: .pass)) }
      let check = place ?? checks.count - 1
      checks[check].findings.append(finding)
      if acceptance == nil, checks[check].verdict == .pass { checks[check].verdict = .skipped }
    }
  }

  private func check(_ index: Int, _ lane: String) -> CheckReport {
    let cells = cells.filter { $0.state == index && $0.lane == lane }
    let unplaced = unplaced[index]?[lane] ?? []
    let fails = cells.contains { !$0.new.isEmpty } || unplaced.contains { $0.severity == .error }
    let unknown = cells.contains(where: \.isUnknown)
    return Self.check(
      .compile, lane, fails ? .fail : unknown ? .skipped : .pass, cells,
      unplaced.map { ReportedFinding($0) } + Self.findings(cells))
  }

  /// What sparse newly reports about a state in a lane. A unit it cannot read, at this state or the one before, says
  /// nothing about the commit.
  private func sparseCheck(_ index: Int, _ lane: String) -> CheckReport? {
    guard let cells = sparse?.filter({ $0.state == index && $0.lane == lane }) else { return nil }
    let readable = cells.filter { !$0.new.contains { $0.severity == .error } }
    let fails = readable.contains { !$0.new.isEmpty }
    let unknown = readable.count < cells.count || cells.contains { $0.environment != nil }
    var findings = Self.findings(cells)
    for index in findings.indices { findings[index].severity = .warning }
    return Self.check(.sparse, lane, fails ? .fail : unknown ? .skipped : .pass, cells, findings)
  }

  private static func findings(_ cells: [CompileMatrix.Cell]) -> [ReportedFinding] {
    var findings: [ReportedFinding] = []
    for cell in cells.sorted(by: { $0.object < $1.object }) {
      if let reason = cell.environment {
        findings.append(.init(Finding(.warning, at: Place(cell.source), "\(reason); nothing is known about this unit")))
      }
      findings += cell.new.map { ReportedFinding($0, in: cell.source) }
      if cell.isStillBroken {
        findings.append(
          .init(Finding(.note, at: Place(cell.source), "still does not compile: an earlier commit broke it")))
      }
    }
    // A problem in a header counts once, however many units include it.
    var seen: Set<ReportedFinding> = []
    return findings.filter { finding in
      var bare = finding
      bare.notes = []
      return seen.insert(bare).inserted
    }
  }

  private static func check(
    _ name: CheckName, _ lane: String, _ verdict: CheckReport.Verdict, _ cells: [CompileMatrix.Cell],
    _ findings: [ReportedFinding]
  ) -> CheckReport {
    CheckReport(
      name: name, lane: lane, verdict: verdict, units: cells.count, cached: cells.count { $0.isStored },
      seconds: cells.map(\.seconds).reduce(0, +), findings: findings)
  }
}

extension ReportedFinding {
  /// A compiler's diagnostic; one without a file is about its unit.
  init(_ diagnostic: Diagnostic, in unit: String) {
    let place = Place(diagnostic.file ?? unit, line: diagnostic.line, column: diagnostic.column)
    self.init(Finding(diagnostic.severity, at: place, diagnostic.message, notes: diagnostic.notes))
  }
}
