public import Diagnostics
public import Verification

extension ReportWriter {
  /// How many bytes of diffs a page shows, and how many findings, so that it loads at once however long the series is.
  static let mostDiff = 1_000_000
  static let mostFindings = 1000

  /// The report as one page of HTML.
  ///
  /// - Parameters:
  ///   - diffs: the diff of each commit, as `git diff` prints it. It may be shorter than the list of commits.
  ///   - file: the contents of a file after the first bad commit; nil if they are not known.
  /// - Throws: `Failure(.input)` if a template cannot be read or is not valid.
  public func html(
    _ report: VerifyReport, diffs: [String] = [], file: (String) -> [UInt8]? = { _ in nil }
  ) throws(Failure) -> String {
    let columns = report.columns
    let rows = report.commits.map { commit -> [String: Any] in
      let cells = columns.map { column -> [String: Any] in
        let checks = commit.checks(of: column)
        return Self.cell(VerifyReport.Mark(checks), checks, title: column.title)
      }
      return [
        "index": commit.index, "total": report.commits.count, "subject": commit.subject, "cells": cells,
        "tone": commit.verdict.rawValue,
      ]
    }
    let said = report.commits.map { Self.said($0) }
    let diffLimit = Room.limit(diffs.map(\.utf8.count), total: Self.mostDiff)
    let findingLimit = Room.limit(said.map(\.count), total: Self.mostFindings)
    let patches = zip(report.commits, said).map { commit, said in
      patch(commit, of: report, said, Array(diffs.dropFirst(commit.index - 1).prefix(1)), diffLimit, findingLimit)
    }
    let times = TimeTable(report)
    let evidence = FallEvidence(report, diffs: diffs, file: file)
    let values: [String: Any] = [
      "headline": evidence.map { Self.headline($0, of: report) } ?? report.sentence, "tone": report.verdict.rawValue,
      "rev": report.base.rev, "tree": report.base.tree,
      "columns": columns.map { ["title": $0.title] }, "rows": rows, "isWide": columns.count > 9,
      "isUnchecked": !report.coverage.unchecked.isEmpty, "unchecked": report.coverage.unchecked.map(Self.model),
      "isExempt": !report.coverage.exempt.isEmpty, "exempt": report.coverage.exempt.map(Self.model),
      "changed": report.coverage.changedFiles.counted("file"), "patches": patches,
      "areDiffsMissing": diffs.isEmpty && !patches.isEmpty, "effort": report.effort ?? "",
      "hasTimes": !times.rows.isEmpty, "times": times.model, "bad": evidence.map { [Self.model($0, of: report)] } ?? [],
    ]
    return try page("verify", title: report.sentence, tone: report.verdict.rawValue, values)
  }

  private static func headline(_ evidence: FallEvidence, of report: VerifyReport) -> String {
    let bad = evidence.bad
    return "falls at patch \(bad.index)/\(report.commits.count): \(bad.check.rawValue)"
      + (bad.lane.map { ", \($0)" } ?? "")
  }

  private static func model(_ file: VerifyReport.Accounting.File) -> [String: Any] {
    let reasons = [file.why, file.needs.map { "needs \($0)" }, file.accepted.map { "accepted: \($0)" }]
    return ["file": file.file, "why": reasons.compactMap(\.self).joined(separator: "; ")]
  }

  private static func cell(_ mark: VerifyReport.Mark, _ checks: [CheckReport], title: String) -> [String: Any] {
    let units = checks.map(\.units).reduce(0, +)
    let cached = checks.map(\.cached).reduce(0, +)
    let seconds = checks.map(\.seconds).reduce(0, +)
    let work = units == 0 ? "" : ", \(units) units, \(cached) of them known, \(time(seconds))"
    let signs: [VerifyReport.Mark: String] = [.passed: "✓", .failed: "✗", .idle: "·", .unchecked: "–"]
    return ["mark": mark.rawValue, "sign": signs[mark] ?? "", "words": "\(title): \(mark.rawValue)\(work)"]
  }

  private static func model(_ evidence: FallEvidence, of report: VerifyReport) -> [String: Any] {
    func subject(_ index: Int) -> String { report.commits.first { $0.index == index }?.subject ?? "" }
    func parts(_ parts: [FallEvidence.Part]) -> [[String: Any]] {
      parts.map { ["file": $0.file, "header": $0.header, "lines": runs($0.lines)] }
    }
    let bad = evidence.bad
    return [
      "index": bad.index, "total": report.commits.count, "subject": subject(bad.index), "check": bad.check.rawValue,
      "lanes": evidence.lanes.isEmpty ? "" : " in \(evidence.lanes.joined(separator: ", "))",
      "advice": evidence.advice, "hasAdvice": !evidence.advice.isEmpty, "blamed": parts(evidence.blamed),
      "isBlamed": !evidence.blamed.isEmpty,
      "failing": evidence.failing.map { failing in
        Self.model([failing.finding])[0].merging([
          "hasSource": !failing.lines.isEmpty,
          "source": failing.lines.map { line in
            [
              "number": line.number, "text": line.text, "isMarked": line.mark != nil, "mark": line.mark ?? "",
              "hasMark": line.mark?.isEmpty == false,
            ] as [String: Any]
          },
        ]) { first, _ in first }
      },
      "omitted": evidence.omitted.counted("more finding"), "isOmitted": evidence.omitted > 0,
      "fixes": bad.fixedBy.map { fix in
        [["fixed": fix, "subject": subject(fix), "mending": parts(evidence.mending)] as [String: Any]]
      } ?? [],
    ]
  }

  private static func runs(_ runs: [DiffText.Run]) -> [[String: Any]] {
    runs.map { ["kind": $0.kind.rawValue, "text": $0.text] }
  }

  /// What a check says of a commit, once for all the lanes in which it says the same.
  private struct Said {
    var check: CheckName
    var lanes: [String]
    var finding: ReportedFinding
  }

  private static func said(_ commit: CommitReport) -> [Said] {
    struct Key: Hashable {
      var check: CheckName
      var finding: ReportedFinding
    }
    var said: [Said] = []
    var known: [Key: Int] = [:]
    for check in commit.checks {
      for finding in check.findings {
        let lanes = check.lane.map { [$0] } ?? []
        let key = Key(check: check.name, finding: finding)
        if let index = known[key] {
          said[index].lanes += lanes
        } else {
          known[key] = said.count
          said.append(Said(check: check.name, lanes: lanes, finding: finding))
        }
      }
    }
    return said
  }

  /// A commit with the findings of its checks, and its diff.
  private func patch(
    _ commit: CommitReport, of report: VerifyReport, _ said: [Said], _ diff: [String], _ diffLimit: Int,
    _ findingLimit: Int
  ) -> [String: Any] {
    var groups: [[Said]] = []
    for one in said.prefix(findingLimit) {
      if let last = groups.last?.last, last.check == one.check, last.lanes == one.lanes {
        groups[groups.count - 1].append(one)
      } else {
        groups.append([one])
      }
    }
    let checks = groups.map { group -> [String: Any] in
      [
        "name": group[0].check.rawValue, "lanes": group[0].lanes.map { ", \($0)" }.joined(),
        "findings": Self.model(group.map(\.finding)),
      ]
    }
    let (lines, omitted) = DiffText.lines(diff.first ?? "", limit: diffLimit)
    let accepted = said.count { $0.finding.accepted != nil }
    let counts = [
      said.count == accepted ? nil : (said.count - accepted).counted("finding"),
      accepted == 0 ? nil : "\(accepted) accepted",
    ]
    return [
      "index": commit.index, "total": report.commits.count, "subject": commit.subject,
      "tone": commit.verdict.rawValue, "open": commit.verdict == .stands ? "" : " open", "checks": checks,
      "isSilent": said.isEmpty, "hasCounts": !said.isEmpty,
      "counts": counts.compactMap(\.self).joined(separator: ", "),
      "findingsOmitted": max(0, said.count - findingLimit), "areFindingsOmitted": said.count > findingLimit,
      "hasDiff": !lines.isEmpty || omitted > 0, "lines": Self.runs(DiffText.runs(lines)),
      "linesOmitted": omitted.counted("more line"), "areLinesOmitted": omitted > 0,
    ]
  }
}
