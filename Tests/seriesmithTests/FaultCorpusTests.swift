import Foundation
import GitBinary
import Testing

extension OnTheEmbeddedKernel {
  /// Every fault of the corpus, put alone into the clean series, is found in its place and by its check.
  @Suite(.serialized) struct Corpus {
    /// The implemented checks. A fault that needs another one is only made, not verified.
    static let checks: Set<String> = ["apply", "structure", "compile", "link", "kernel-doc", "style", "sparse"]

    static let faults = chosen(.faults)
    static let clean = chosen(.clean)
    static let waiting = FaultCorpus.faults.filter { part(of: $0) == .waiting }

    /// A sample, or those whose class is `SERIESMITH_FAULTS`.
    private static func chosen(_ part: Part) -> [Fault] {
      let all = FaultCorpus.faults.filter { self.part(of: $0) == part }
      let wanted = ProcessInfo.processInfo.environment["SERIESMITH_FAULTS"]
      return wanted.map { wanted in all.filter { $0.kind == wanted } } ?? Extent.sample(of: all, every: 20)
    }

    private enum Part {
      case faults, clean, waiting
    }

    private static func part(of fault: Fault) -> Part {
      if fault.waitsFor != nil { return .waiting }
      return switch fault.outcome {
      case .falls(let fall): checks.contains(fall.check) ? .faults : .waiting
      case .stands: .clean
      case .unseen(let tried): tried ? .clean : .waiting
      }
    }

    private static let score = FaultScore(of: faults.count)

    @Test(arguments: faults) func aFaultIsFoundWhereItIs(fault: Fault) async throws {
      guard case .falls(let fall) = fault.outcome else { return }
      let run = try await verify(fault)
      let wrong = Self.differences(run, fall)
      if let table = await Self.score.count(fall.check, detected: wrong.isEmpty) { print(table) }
      guard let weakness = fault.weakness else {
        for difference in wrong { Issue.record("\(difference)\n\(run.output)") }
        return
      }
      withKnownIssue(Comment(rawValue: weakness)) {
        for difference in wrong { Issue.record("\(difference)") }
      }
    }

    /// Variants that a careful reviewer would accept, and faults that no static check can see.
    @Test(arguments: clean) func nothingIsSaidOfASeriesThatCompiles(fault: Fault) async throws {
      let run = try await verify(fault)
      func expectNoFall() {
        #expect(run.report.verdict != "falls", "\(run.output)")
        #expect(run.report.firstBad == nil)
        let failed = run.report.commits.flatMap(\.checks).filter { $0.verdict == "fail" }
        #expect(failed.isEmpty)
      }
      guard let weakness = fault.weakness else { return expectNoFall() }
      withKnownIssue(Comment(rawValue: weakness)) { expectNoFall() }
    }

    @Test(arguments: waiting) func aFaultThatIsNotLookedForHereCanBeMade(fault: Fault) async throws {
      try await withScratchFolder { try await series(with: fault).write(to: $0) }
    }

    /// The differences between a report and what it must say about a fault; empty if there are none.
    private static func differences(_ run: VerifyRun, _ fall: Fault.Fall) -> [String] {
      guard run.report.verdict == "falls", run.status == 1, let bad = run.report.firstBad else {
        return ["not found: the verdict is '\(run.report.verdict)', the status \(run.status)"]
      }
      var differences: [String] = []
      func expect(_ what: String, _ found: String?, _ expected: String?) {
        if found != expected { differences.append("\(what): \(found ?? "none") instead of \(expected ?? "none")") }
      }
      expect("commit", "\(bad.index)", "\(fall.commit)")
      expect("check", bad.check, fall.check)
      expect("lane", bad.lane, fall.lane)
      expect("fixed_by", bad.fixedBy.map { "\($0)" }, fall.fixedBy.map { "\($0)" })
      let checks = run.report.commits.first { $0.index == fall.commit }?.checks ?? []
      let files = checks.filter { $0.name == fall.check && $0.verdict == "fail" }.flatMap(\.findings).map(\.file)
      if !files.contains(where: { $0?.hasSuffix(fall.file) == true }) {
        expect("files found in", Set(files.compactMap(\.self)).sorted().joined(separator: " "), fall.file)
      }
      if !bad.reason.contains(fall.file) { differences.append("the reason does not name \(fall.file)") }
      if let commits = fall.commits {
        expect("commits", "\(run.report.commits.filter { $0.verdict == "falls" }.map(\.index))", "\(commits)")
      }
      return differences.isEmpty ? [] : differences + ["the reason given: \(bad.reason)"]
    }

    private func verify(_ fault: Fault) async throws -> VerifyRun {
      try await withScratchFolder { folder in
        try await series(with: fault).write(to: folder)
        return try await VerifyRun.verify(folder, lanes: fault.lanes, depth: fault.depth)
      }
    }

    private func series(with fault: Fault) async throws -> FaultySeries {
      var series = try await FaultySeries()
      for change in fault.changes { try change.make(in: &series) }
      return series
    }
  }
}

/// The number of faults found, by the check that must find them.
actor FaultScore {
  private let total: Int
  private var counts: [String: (detected: Int, total: Int)] = [:]

  init(of total: Int) {
    self.total = total
  }

  /// Counts a fault. Returns the table after the last one.
  func count(_ check: String, detected: Bool) -> String? {
    let count = counts[check] ?? (0, 0)
    counts[check] = (count.detected + (detected ? 1 : 0), count.total + 1)
    guard counts.values.map(\.total).reduce(0, +) == total else { return nil }
    let rows = counts.sorted { $0.key < $1.key } + [("all", (counts.values.map(\.detected).reduce(0, +), total))]
    return "faults found where they are, by check:\n"
      + rows.map { "  \($0.key): \($0.value.detected)/\($0.value.total)" }.joined(separator: "\n")
  }
}
