import Diagnostics
public import Verification

/// What `prove` found out about a series: the model behind `seriesmith.prove/1`.
public struct ProveReport: Hashable, Sendable, Codable {
  public static let schema = "seriesmith.prove/1"

  public enum Verdict: String, Sendable, Codable {
    /// Whatever passed before the series passes after each of its patches, and no unmapping takes more walks.
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

  /// Walks of page tables to unmap memory, at the base and at the last state.
  public struct Walk: Hashable, Sendable, Codable {
    /// What unmaps: "vfio", "iommufd".
    public var path: String
    public var bytes: Int
    /// The largest page table entry that can map a part of it, in bytes.
    public var leaf: Int
    public var before: Int
    public var after: Int
    /// How long unmapping took, with the walks being counted. Not part of the JSON: no two runs have the same.
    public var microseconds: Times?

    public struct Times: Hashable, Sendable {
      public var before: Int
      public var after: Int
    }

    enum CodingKeys: String, CodingKey {
      case path, bytes, leaf, before, after
    }
  }

  public var schema = Self.schema
  public var verdict: Verdict
  /// The ids of the trees that were built, the base's first, in hexadecimal.
  public var trees: [String]
  public var suites: [Suite]
  public var walks: [Walk]
  public var findings: [ReportedFinding]
  /// What was run of the series itself while building, and in what, in words; nil for nothing. No part of the JSON.
  public var sandbox: String?

  enum CodingKeys: String, CodingKey {
    case schema, verdict, trees, suites, walks, findings
  }

  public init(verdict: Verdict, trees: [String], suites: [Suite], walks: [Walk], findings: [ReportedFinding]) {
    self.verdict = verdict
    self.trees = trees
    self.suites = suites
    self.walks = walks
    self.findings = findings
  }

  init(_ runs: [StateRun], trees: [String], boots: [Boot]) {
    let comparison = Comparison(runs, boots: boots)
    let suites = runs.flatMap { run in
      boots.flatMap { boot in run.logs[boot.name].map { Self.suites(of: $0, boot, state: run.index) } ?? [] }
    }
    let walks = comparison.walks.map { walk in
      Walk(
        path: walk.test.suite, bytes: walk.before.bytes, leaf: walk.before.leaf, before: walk.before.walks,
        after: walk.after.walks,
        microseconds: .init(before: walk.before.microseconds, after: walk.after.microseconds))
    }
    self.init(
      verdict: comparison.fails ? .fails : comparison.isIncomplete ? .incomplete : .holds, trees: trees,
      suites: suites, walks: walks, findings: comparison.findings.map { ReportedFinding($0) })
  }

  private static func suites(of log: BootLog, _ boot: Boot, state: Int) -> [Suite] {
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
