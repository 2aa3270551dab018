import Descriptions
import Diagnostics

/// Compares the results of each state of a series with those of the state before it.
struct StateComparison {
  private(set) var findings: [Finding] = []
  /// Whether the series made something fail.
  private(set) var fails = false
  /// Whether the base did not finish a boot, so that its states could not be compared in full.
  private(set) var isIncomplete = false
  private(set) var counters: [ProveReport.Counter] = []

  /// The number of log lines that a finding shows: in general, and from the first failed expectation on.
  private static let logLength = 30
  private static let expectationsLength = 12

  init(_ results: [StateResult], boots: [BootDescription], counters: [CounterDescription]) {
    for result in results {
      guard let lines = result.buildErrors else { continue }
      fail("the kernel does not build", in: result, of: results, notes: lines)
    }
    for boot in boots {
      let booted = results.filter { $0.logs[boot.name] != nil }
      guard let base = booted.first, base.index == 0, let log = base.logs[boot.name] else { continue }
      judge(base: log, boot)
      for (before, after) in zip(booted, booted.dropFirst()) {
        guard let old = before.logs[boot.name], let new = after.logs[boot.name] else { continue }
        compare(old, new, boot, after, without: before.additions.subtracting(after.additions), of: results)
      }
    }
    for counter in counters { compare(counter, results, boots) }
  }

  /// Reports what fails on the base itself: the series is not to blame.
  private mutating func judge(base log: BootLog, _ boot: BootDescription) {
    for test in log.tests where test.verdict == .failed {
      findings.append(
        Finding(.warning, "the base, \(boot.name): \(test.title) fails", notes: self.log(of: test)))
    }
    guard log.ending != .finished else { return }
    isIncomplete = true
    findings.append(Finding(.error, "the base, \(boot.name): the machine \(log.ending.rawValue)", notes: log.tail))
  }

  /// - Parameter ended: suites that test something the tree no longer has: their tests may go.
  private mutating func compare(
    _ old: BootLog, _ new: BootLog, _ boot: BootDescription, _ result: StateResult, without ended: Set<String>,
    of results: [StateResult]
  ) {
    let now = Dictionary(new.tests.map { ($0.id, $0) }) { first, _ in first }
    let then = Dictionary(old.tests.map { ($0.id, $0.verdict) }) { first, _ in first }
    let lost = old.tests.filter { $0.verdict == .passed && now[$0.id] == nil && !ended.contains($0.id.suite) }
    for test in new.tests {
      switch (then[test.id], test.verdict) {
      case (.passed, .failed):
        fail("\(test.title) passed before and now fails", boot, in: result, of: results, notes: log(of: test))
      case (.passed, .skipped):
        fail("\(test.title) passed before and is now skipped", boot, in: result, of: results, notes: log(of: test))
      case (nil, .failed): fail("\(test.title) is new and fails", boot, in: result, of: results, notes: log(of: test))
      default: break
      }
    }
    if new.ending != .finished, old.ending == .finished {
      let first = lost.first.map { "; \($0.title) is the first of \(lost.count) tests that passed before" } ?? ""
      fail("the machine \(new.ending.rawValue)\(first)", boot, in: result, of: results, notes: new.tail)
    } else {
      for test in lost { fail("\(test.title) passed before and is now gone", boot, in: result, of: results) }
    }
    for (function, line) in new.warnings.sorted(by: { $0.key < $1.key }) where old.warnings[function] == nil {
      fail("the kernel prints a new warning", boot, in: result, of: results, notes: [line])
    }
  }

  /// Compares the counts of the base and of the last state, where both have any.
  private mutating func compare(_ counter: CounterDescription, _ results: [StateResult], _ boots: [BootDescription]) {
    var comparisons: [(CountComparison, BootDescription)] = []
    let last = results.count - 1
    for boot in boots where last > 0 {
      guard let base = results[0].logs[boot.name], let tip = results[last].logs[boot.name] else { continue }
      for test in base.tests {
        guard let now = tip.tests.first(where: { $0.id == test.id }) else { continue }
        let (old, new) = (test.counts(of: counter), now.counts(of: counter))
        for (before, after) in zip(old, new) {
          comparisons.append(
            (CountComparison(counter: counter, suite: test.suite, before: before, after: after), boot))
        }
        if now.verdict == .passed, new.count < old.count {
          fail("\(test.title) no longer counts \(counter.unit)", boot, in: results[last], of: results)
        }
      }
    }
    let isBounded = comparisons.contains { $0.0.isChanged }
    for (comparison, boot) in comparisons {
      for problem in comparison.problems(isBounded: isBounded) {
        fail(problem, boot, in: results[last], of: results, notes: comparison.notes)
      }
    }
    counters.append(.init(description: counter, counts: comparisons.map(\.0.reported)))
  }

  /// The log of a failed test: from its first failed expectation, which often causes the rest, or else its end.
  private func log(of test: KtapTest) -> [String] {
    guard
      let first = test.lines.firstIndex(where: { $0.contains("EXPECTATION FAILED") || $0.contains("ASSERTION FAILED") })
    else { return test.lines.suffix(Self.logLength) }
    let lines = test.lines[first...]
    let rest = lines.count - Self.expectationsLength
    return lines.prefix(Self.expectationsLength) + (rest > 0 ? ["… and \(rest) more lines"] : [])
  }

  private mutating func fail(
    _ message: String, _ boot: BootDescription? = nil, in result: StateResult, of results: [StateResult],
    notes: [String] = []
  ) {
    fails = true
    let place = "state \(result.index)/\(results.count - 1)" + (result.subject.map { " (\($0))" } ?? "")
    findings.append(Finding(.error, place + (boot.map { ", \($0.name)" } ?? "") + ": \(message)", notes: notes))
  }
}

extension KtapTest {
  /// The test's name in messages.
  var title: String { name.isEmpty ? suite : "\(suite): \(name)" }
}
