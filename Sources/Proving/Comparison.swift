import Diagnostics

/// What the states of a series do that the states before them did not.
struct Comparison {
  private(set) var findings: [Finding] = []
  /// Whether something fell because of the series.
  private(set) var fails = false
  /// Whether something that should have been looked at was not.
  private(set) var isIncomplete = false
  private(set) var walks: [WalkComparison] = []

  /// How many lines of a log a finding shows, and how many of one where a test says what it expected.
  private static let logLength = 30
  private static let expectationsLength = 12

  init(_ runs: [StateRun], boots: [Boot]) {
    for run in runs {
      guard let lines = run.buildErrors else { continue }
      fail("the kernel does not build", in: run, of: runs, notes: lines)
    }
    for boot in boots {
      let booted = runs.filter { $0.logs[boot.name] != nil }
      guard let base = booted.first, base.index == 0, let log = base.logs[boot.name] else { continue }
      judge(base: log, boot)
      for (before, after) in zip(booted, booted.dropFirst()) {
        guard let old = before.logs[boot.name], let new = after.logs[boot.name] else { continue }
        compare(old, new, boot, after, without: before.additions.subtracting(after.additions), of: runs)
      }
    }
    compareWalks(runs, boots)
  }

  /// What the base itself does not hold is nothing the series did.
  private mutating func judge(base log: BootLog, _ boot: Boot) {
    for test in log.tests where test.verdict == .failed {
      findings.append(
        Finding(.warning, "the base, \(boot.name): \(test.title) fails", notes: self.log(of: test)))
    }
    guard log.ending != .finished else { return }
    isIncomplete = true
    findings.append(Finding(.error, "the base, \(boot.name): the machine \(log.ending.rawValue)", notes: log.tail))
  }

  /// - Parameter ended: the suites that test what the tree no longer has.
  private mutating func compare(
    _ old: BootLog, _ new: BootLog, _ boot: Boot, _ run: StateRun, without ended: Set<String>, of runs: [StateRun]
  ) {
    let now = Dictionary(new.tests.map { ($0.id, $0) }) { first, _ in first }
    let then = Dictionary(old.tests.map { ($0.id, $0.verdict) }) { first, _ in first }
    let lost = old.tests.filter { $0.verdict == .passed && now[$0.id] == nil && !ended.contains($0.id.suite) }
    for test in new.tests {
      switch (then[test.id], test.verdict) {
      case (.passed, .failed):
        fail("\(test.title) fails, which passed before", boot, in: run, of: runs, notes: log(of: test))
      case (.passed, .skipped):
        fail("\(test.title) is skipped, which passed before", boot, in: run, of: runs, notes: log(of: test))
      case (nil, .failed): fail("\(test.title) is new and fails", boot, in: run, of: runs, notes: log(of: test))
      default: break
      }
    }
    if new.ending != .finished, old.ending == .finished {
      let first = lost.first.map { "; \($0.title) is the first of \(lost.count) tests that passed before" } ?? ""
      fail("the machine \(new.ending.rawValue)\(first)", boot, in: run, of: runs, notes: new.tail)
    } else {
      for test in lost { fail("\(test.title) is gone, which passed before", boot, in: run, of: runs) }
    }
    for (function, line) in new.warnings.sorted(by: { $0.key < $1.key }) where old.warnings[function] == nil {
      fail("the kernel warns, which it did not before", boot, in: run, of: runs, notes: [line])
    }
  }

  /// The base against the last state, wherever both measured.
  private mutating func compareWalks(_ runs: [StateRun], _ boots: [Boot]) {
    guard runs.count > 1, let base = runs.first, let tip = runs.last else { return }
    for boot in boots {
      let (before, after) = (base.logs[boot.name]?.walks ?? [], tip.logs[boot.name]?.walks ?? [])
      for old in before {
        guard let new = after.first(where: { $0.test == old.test }) else { continue }
        let comparison = WalkComparison(test: old.test, before: old.count, after: new.count)
        walks.append(comparison)
        if let problem = comparison.problem { fail(problem, boot, in: tip, of: runs, notes: comparison.notes) }
      }
    }
  }

  /// What a test that fails said: from the first thing on that was not as expected, which the others often follow from,
  /// or else the end.
  private func log(of test: KtapTest) -> [String] {
    guard
      let first = test.lines.firstIndex(where: { $0.contains("EXPECTATION FAILED") || $0.contains("ASSERTION FAILED") })
    else { return test.lines.suffix(Self.logLength) }
    let lines = test.lines[first...]
    let rest = lines.count - Self.expectationsLength
    return lines.prefix(Self.expectationsLength) + (rest > 0 ? ["… and \(rest) lines more"] : [])
  }

  private mutating func fail(
    _ message: String, _ boot: Boot? = nil, in run: StateRun, of runs: [StateRun], notes: [String] = []
  ) {
    fails = true
    let place = "state \(run.index)/\(runs.count - 1)" + (run.subject.map { " (\($0))" } ?? "")
    findings.append(Finding(.error, place + (boot.map { ", \($0.name)" } ?? "") + ": \(message)", notes: notes))
  }
}

extension KtapTest {
  /// The test as it is named in a message.
  var title: String { name.isEmpty ? suite : "\(suite): \(name)" }
}
