import Diagnostics
import Verification

/// How long each check took at each commit: the commits that took longest first, and so the checks.
struct TimeTable {
  struct Row {
    var commit: CommitReport
    /// In seconds, by column.
    var times: [Double]
    var total: Double { times.reduce(0, +) }
  }

  private(set) var columns: [VerifyReport.Column]
  private(set) var rows: [Row]

  /// The shortest time that is shown, in seconds.
  private static let shortest = 0.05
  /// How many commits are shown at once.
  private static let most = 10

  init(_ report: VerifyReport) {
    func time(_ commit: CommitReport, _ column: VerifyReport.Column) -> Double {
      commit.checks(of: column).map(\.seconds).reduce(0, +)
    }
    let totals = report.columns.map { column in
      (column: column, total: report.commits.map { time($0, column) }.reduce(0, +))
    }
    let columns = totals.filter { $0.total >= Self.shortest }.sorted { $0.total > $1.total }.map(\.column)
    self.columns = columns
    rows = report.commits.map { commit in Row(commit: commit, times: columns.map { time(commit, $0) }) }
      .filter { $0.total >= Self.shortest }.sorted { ($0.total, $1.commit.index) > ($1.total, $0.commit.index) }
  }

  var model: [String: Any] {
    let most = rows.flatMap(\.times).max() ?? 1
    let models = rows.map { row -> [String: Any] in
      [
        "index": row.commit.index, "subject": row.commit.subject, "total": Self.text(row.total),
        "cells": row.times.map { seconds -> [String: Any] in
          // By the root: most times are a small part of the longest, and still differ.
          ["text": Self.text(seconds), "heat": Int((100 * (max(0, seconds) / most).squareRoot()).rounded())]
        },
      ]
    }
    let rest = rows.dropFirst(Self.most)
    var tables: [[String: Any]] = [["rows": Array(models.prefix(Self.most)), "isFolded": false]]
    if !rest.isEmpty {
      let time = ReportWriter.time(rest.map(\.total).reduce(0, +))
      tables.append([
        "rows": Array(models.dropFirst(Self.most)), "isFolded": true,
        "title": "\(rest.count.counted("more commit")), \(time)",
      ])
    }
    return [
      "columns": columns.enumerated().map { index, column in
        ["title": column.title, "sum": Self.text(rows.map { $0.times[index] }.reduce(0, +))]
      },
      "sum": ReportWriter.time(rows.map(\.total).reduce(0, +)), "tables": tables,
    ]
  }

  private static func text(_ seconds: Double) -> String {
    if seconds < shortest { return "" }
    return seconds < 10 ? "\((seconds * 10).rounded() / 10)" : "\(Int(seconds.rounded()))"
  }
}
