public import Diagnostics
public import Verification

extension ReportWriter {
  /// The report as one page of HTML.
  ///
  /// - Parameter diffs: the diff of each commit, as `git diff` prints it. It may be shorter than the list of commits.
  /// - Throws: `Failure(.input)` if a template cannot be read or is not valid.
  public func html(_ report: VerifyReport, diffs: [String] = []) throws(Failure) -> String {
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
    var model: [String: Any] = [
      "sentence": report.sentence, "tone": report.verdict.rawValue, "rev": report.base.rev, "tree": report.base.tree,
      "columns": columns.map { ["title": $0.title] }, "rows": rows,
      "isUnchecked": !report.coverage.unchecked.isEmpty, "unchecked": report.coverage.unchecked.map(Self.model),
      "isExempt": !report.coverage.exempt.isEmpty, "exempt": report.coverage.exempt.map(Self.model),
      "changed": report.coverage.changedFiles, "patches": report.commits.map { patch($0, of: report, diffs) },
      "times": times(report), "effort": report.effort ?? "",
    ]
    if let bad = report.firstBad {
      model["bad"] = [
        "index": bad.index, "check": bad.check.rawValue, "lane": bad.lane.map { " in \($0)" } ?? "",
        "subject": report.commits.first { $0.index == bad.index }?.subject ?? "", "reason": bad.reason,
        "fixed": bad.fixedBy.map { "\($0)" } ?? "", "isFixed": bad.fixedBy != nil,
      ]
    }
    return try page("verify", title: report.sentence, tone: report.verdict.rawValue, model)
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

  /// A commit with the findings of its checks, and its diff.
  private func patch(_ commit: CommitReport, of report: VerifyReport, _ diffs: [String]) -> [String: Any] {
    let said = commit.checks.filter { !$0.findings.isEmpty }.map { check -> [String: Any] in
      [
        "name": check.name.rawValue, "lane": check.lane.map { ", \($0)" } ?? "",
        "findings": Self.model(check.findings),
      ]
    }
    let diff = diffs.dropFirst(commit.index - 1).first?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
    return [
      "index": commit.index, "total": report.commits.count, "subject": commit.subject,
      "tone": commit.verdict.rawValue, "open": commit.verdict == .stands ? "" : " open", "checks": said,
      "isSilent": said.isEmpty, "hasDiff": !diff.isEmpty,
      "lines": diff.map { ["kind": Self.kind(of: $0), "text": String($0)] },
    ]
  }

  private static func kind(of line: Substring) -> String {
    if line.hasPrefix("diff --git") { return "file" }
    if line.hasPrefix("@@") { return "hunk" }
    if ["+++", "---", "index ", "new ", "deleted ", "old ", "rename ", "similarity "].contains(where: line.hasPrefix) {
      return "head"
    }
    return switch line.first {
    case "+": "new"
    case "-": "old"
    default: "same"
    }
  }

  /// The time of each column, and its share of the longest in percent.
  private func times(_ report: VerifyReport) -> [[String: Any]] {
    var times: [(String, Double)] = []
    for column in report.columns {
      let seconds = report.commits.flatMap { $0.checks(of: column) }.map(\.seconds).reduce(0, +)
      if seconds >= 0.05 { times.append((column.title, seconds)) }
    }
    let longest = times.map(\.1).max() ?? 1
    return times.map { title, seconds in
      ["title": title, "time": Self.time(seconds), "percent": Int((100 * seconds / longest).rounded())]
    }
  }
}
