public import Diagnostics
public import Verification

/// A finding of `verify` as a forge shows it beside a line of the code.
public struct Annotation: Hashable, Sendable {
  /// How bad the finding is.
  public enum Severity: Sendable {
    /// It makes the commit fall.
    case error
    /// It does not, but something is amiss, or was not checked.
    case warning
  }

  /// How bad the finding is.
  public var severity: Severity
  /// The place in the tree; nil for a finding about the commit, or about a file that the tree does not have.
  public var place: Place?
  /// The subject of the commit.
  public var subject: String
  /// The position of the commit in the series: "2/9".
  public var number: String
  /// The check that found it.
  public var check: CheckName
  /// The lanes that it was found in; empty if it depends on none.
  public var lanes: [String]
  /// One line, with the place if that is not in the tree.
  public var message: String
  /// Causes and next steps.
  public var notes: [String]

  /// What found it: "compile, arm64, x86_64".
  var source: String { ([check.rawValue] + lanes).joined(separator: ", ") }
}

extension VerifyReport {
  /// The errors and warnings of all commits, in order. What several lanes say of a line is one annotation.
  public var annotations: [Annotation] {
    var all: [Annotation] = []
    var positions: [Annotation: Int] = [:]
    for commit in commits {
      for check in commit.checks {
        for annotation in annotations(of: check, at: commit) {
          var alone = annotation
          (alone.lanes, alone.notes) = ([], [])
          if let position = positions[alone] {
            all[position].lanes += annotation.lanes
            all[position].notes += annotation.notes.filter { !all[position].notes.contains($0) }
          } else {
            positions[alone] = all.count
            all.append(annotation)
          }
        }
      }
    }
    return all
  }

  private func annotations(of check: CheckReport, at commit: CommitReport) -> [Annotation] {
    var findings = check.findings.filter { $0.severity == .error || $0.severity == .warning }
    let isFailed = check.verdict == .fail
    if isFailed, findings.isEmpty { findings = [ReportedFinding(Finding(.error, "it fails"))] }
    // The worst findings are why a check fails: new warnings of a compiler, for example, where it has no error.
    let worst: Finding.Severity = findings.contains { $0.severity == .error } ? .error : .warning
    return findings.map { finding in
      let place = finding.finding.place
      // A patch's own file may be called as one of the tree.
      let isInTree = finding.file.map { check.name != .apply && !strays.contains($0) } ?? false
      return Annotation(
        severity: isFailed && finding.severity == worst ? .error : .warning, place: isInTree ? place : nil,
        subject: commit.subject, number: "\(commit.index)/\(commits.count)", check: check.name,
        lanes: check.lane.map { [$0] } ?? [],
        message: (isInTree ? "" : place.map { "\($0): " } ?? "") + finding.message,
        notes: finding.notes + advice(on: finding, of: check, at: commit.index))
    }
  }

  /// How to fix the series, if the finding is why its first bad commit falls.
  private func advice(on finding: ReportedFinding, of check: CheckReport, at index: Int) -> [String] {
    guard let bad = firstBad, bad.index == index, bad.check == check.name, bad.lane == check.lane else { return [] }
    return bad.advice(on: finding).map { [$0] } ?? []
  }
}
