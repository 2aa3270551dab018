public import Descriptions
public import Diagnostics
public import Verification

/// What `prove` found out about a series: the model behind `seriesmith.prove/1`.
public struct ProveReport: Hashable, Sendable {
  public static let schema = "seriesmith.prove/1"

  public enum Verdict: String, Sendable, Codable {
    /// Whatever passed before the series passes after each of its patches, and nothing counts more after the last.
    case holds
    case fails
    /// Nothing fell, but something could not be looked at.
    case incomplete
  }

  /// What became of a suite's tests in a state.
  public struct Suite: Hashable, Sendable, Codable {
    /// 0 is the base.
    public var state: Int
    /// The boot and the suite: "selftests: vtdss_iommu_test".
    public var name: String
    public var passed: Int
    public var failed: Int
    public var skipped: Int
  }

  /// What tests counted of one thing.
  public struct Counter: Hashable, Sendable {
    public var description: CounterDescription
    public var counts: [Count]
  }

  /// What a test counted at the base and at the last state.
  public struct Count: Hashable, Sendable {
    public var suite: String
    /// What was measured: a number for each of the counter's dimensions.
    public var measured: [Int]
    public var before: Int
    public var after: Int
    /// What was measured besides, as the counter lists it. Not part of the JSON: no two runs have the same.
    public var besides: [Change] = []

    public struct Change: Hashable, Sendable {
      public var before: Int
      public var after: Int
    }
  }

  public var schema = Self.schema
  public var verdict: Verdict
  /// The ids of the trees that were built, the base's first, in hexadecimal.
  public var trees: [String]
  public var suites: [Suite]
  public var counters: [Counter]
  public var findings: [ReportedFinding]
  /// What was run of the series itself while building, and in what, in words; nil for nothing. No part of the JSON.
  public var sandbox: String?

  /// The exit status this report means.
  public var exitStatus: ExitStatus {
    switch verdict {
    case .holds: .holds
    case .fails: .falls
    case .incomplete: .unavailable
    }
  }

  init(_ results: [StateResult], trees: [String], boots: [BootDescription], counters: [CounterDescription]) {
    let comparison = Comparison(results, boots: boots, counters: counters)
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
