public import Descriptions
public import Diagnostics
public import Verification

/// The result of `prove` on a series: the model behind `seriesmith.prove/1`.
public struct ProveReport: Hashable, Sendable {
  /// The name and version of the JSON format.
  public static let schema = "seriesmith.prove/1"

  /// The result for the series as a whole.
  public enum Verdict: String, Sendable, Codable {
    /// Every test that passed before a patch passes after it, and no count is higher after the last patch.
    case holds
    /// A test, a boot, a build or a count is worse because of the series.
    case fails
    /// Nothing failed because of the series, but the base did not finish a boot.
    case incomplete
  }

  /// The results of a suite's tests in a state.
  public struct Suite: Hashable, Sendable, Codable {
    /// The number of the state: 0 is the base, 1 the tree after the first patch.
    public var state: Int
    /// The boot and the suite, such as "selftests: vtdss_iommu_test".
    public var name: String
    /// The number of tests that passed.
    public var passed: Int
    /// The number of tests that failed.
    public var failed: Int
    /// The number of tests that were skipped.
    public var skipped: Int
  }

  /// The counts of one counter.
  public struct Counter: Hashable, Sendable {
    /// What is counted, from `prove.yaml`.
    public var description: CounterDescription
    /// The counts in the order of boots and tests; empty if nothing was counted.
    public var counts: [Count]
  }

  /// A test's count at the base and at the last state.
  public struct Count: Hashable, Sendable {
    /// The suite of the test.
    public var suite: String
    /// A number for each of the counter's dimensions: what the count is for.
    public var measured: [Int]
    /// The count at the base.
    public var before: Int
    /// The count at the last state.
    public var after: Int
    /// The counter's additional values, such as times. Not part of the JSON: they differ between runs.
    public var besides: [Change] = []

    /// An additional value, before and after.
    public struct Change: Hashable, Sendable {
      /// The value at the base.
      public var before: Int
      /// The value at the last state.
      public var after: Int
    }
  }

  /// The JSON format's name, as written or as read from a file.
  public var schema = Self.schema
  /// The result for the series as a whole.
  public var verdict: Verdict
  /// The ids of the states' trees, the base's first, in hexadecimal.
  public var trees: [String]
  /// The results of every suite in every state that was booted.
  public var suites: [Suite]
  /// What was counted, one entry for each counter of `prove.yaml`.
  public var counters: [Counter]
  /// Errors that the series causes, and warnings about the base.
  public var findings: [ReportedFinding]
  /// A sentence on the changed programs that the builds ran and the sandbox they ran in; nil if they ran none. Not part
  /// of the JSON.
  public var sandbox: String?

  /// The exit status of `prove` for this report.
  public var exitStatus: ExitStatus {
    switch verdict {
    case .holds: .holds
    case .fails: .falls
    case .incomplete: .unavailable
    }
  }

  init(_ results: [StateResult], trees: [String], boots: [BootDescription], counters: [CounterDescription]) {
    let comparison = StateComparison(results, boots: boots, counters: counters)
    verdict = comparison.fails ? .fails : comparison.isIncomplete ? .incomplete : .holds
    self.trees = trees
    suites = results.flatMap { result in
      boots.flatMap { boot in result.logs[boot.name].map { Self.suites(of: $0, boot, state: result.index) } ?? [] }
    }
    self.counters = comparison.counters
    findings = comparison.findings.map { ReportedFinding($0) }
  }

  private static func suites(of log: BootLog, _ boot: BootDescription, state: Int) -> [Suite] {
    var order: [String] = []
    var suites: [String: Suite] = [:]
    for test in log.tests {
      if suites[test.suite] == nil { order.append(test.suite) }
      let empty = Suite(state: state, name: "\(boot.name): \(test.suite)", passed: 0, failed: 0, skipped: 0)
      switch test.verdict {
      case .passed: suites[test.suite, default: empty].passed += 1
      case .failed: suites[test.suite, default: empty].failed += 1
      case .skipped: suites[test.suite, default: empty].skipped += 1
      }
    }
    return order.compactMap { suites[$0] }
  }
}

extension ProveReport {
  init(verdict: Verdict, trees: [String], suites: [Suite], counters: [Counter], findings: [ReportedFinding]) {
    self.verdict = verdict
    self.trees = trees
    self.suites = suites
    self.counters = counters
    self.findings = findings
  }
}
