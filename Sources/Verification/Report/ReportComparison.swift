public import Diagnostics

/// What became better or worse between two reports on a series that is being worked on.
public struct ReportComparison: Hashable, Sendable {
  /// What only the newer report finds.
  public private(set) var worse: [Change] = []
  /// What only the older report finds, although the newer one looked.
  public private(set) var better: [Change] = []

  /// Something that one of the reports has found and the other has not.
  public struct Change: Hashable, Sendable {
    /// Where: "patch 2/4, compile, arm64".
    public var place: String
    /// What was found.
    public var finding: Finding
  }

  /// Compares a report with an older one. Commits belong together if they have the same subject, or else the same
  /// place in their series. A finding is the same one wherever in its file it is.
  public init(_ new: VerifyReport, since old: VerifyReport) {
    let pairs = Self.pairs(new.commits, old.commits)
    for (commit, before) in pairs {
      let place = "patch \(commit.index)/\(new.commits.count)"
      let (found, known) = (Self.findings(of: commit), before.map(Self.findings) ?? [])
      worse += found.filter { one in !known.contains { one.isSame(as: $0) } }.map { $0.change(at: place) }
      let decided = Set(commit.checks.filter { $0.verdict != .skipped }.map { CheckKey($0) })
      better += known.filter { one in decided.contains(one.check) && !found.contains { one.isSame(as: $0) } }
        .map { $0.change(at: place) }
    }
    let (unchecked, before) = (Self.unchecked(new), Self.unchecked(old))
    worse += unchecked.filter { !before.contains($0) }.map { Change(place: "the series", finding: $0) }
    better += before.filter { !unchecked.contains($0) }.map { Change(place: "the series", finding: $0) }
  }

  private struct CheckKey: Hashable {
    var name: CheckName
    var lane: String?

    init(_ check: CheckReport) { (name, lane) = (check.name, check.lane) }
  }

  private struct Found {
    var check: CheckKey
    var finding: ReportedFinding

    func isSame(as other: Found) -> Bool {
      (check, finding.file, finding.severity, finding.message)
        == (other.check, other.finding.file, other.finding.severity, other.finding.message)
    }

    func change(at place: String) -> Change {
      let lane = check.lane.map { ", \($0)" } ?? ""
      return Change(place: "\(place), \(check.name.rawValue)\(lane)", finding: finding.finding)
    }
  }

  private static func findings(of commit: CommitReport) -> [Found] {
    commit.checks.flatMap { check in
      check.findings.filter { $0.accepted == nil }.map { Found(check: CheckKey(check), finding: $0) }
    }
  }

  private static func unchecked(_ report: VerifyReport) -> [Finding] {
    report.coverage.unchecked.filter { $0.accepted == nil }.map { file in
      Finding(.warning, at: Place(file.file), "is unchecked: \(file.why)")
    }
  }

  private static func pairs(
    _ new: [CommitReport], _ old: [CommitReport]
  ) -> [(commit: CommitReport, before: CommitReport?)] {
    var left = old
    func take(_ isOne: (CommitReport) -> Bool) -> CommitReport? {
      left.firstIndex(where: isOne).map { left.remove(at: $0) }
    }
    var pairs = new.map { commit in (commit: commit, before: take { $0.subject == commit.subject }) }
    for index in pairs.indices where pairs[index].before == nil {
      pairs[index].before = take { $0.index == pairs[index].commit.index }
    }
    return pairs
  }
}

extension ReportComparison {
  /// The comparison for people; empty when nothing changed.
  public func text(_ printer: Printer) -> String {
    func lines(_ changes: [Change], _ word: String, _ style: String) -> String {
      changes.map { change in
        printer.style("\(word): \(change.place):", style) + "\n" + printer.text([change.finding])
      }.joined()
    }
    return lines(better, "better", "1;32") + lines(worse, "worse", "1;31")
  }
}
