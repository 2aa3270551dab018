public import Diagnostics
import Foundation
public import Proving

extension ReportWriter {
  /// The report as one page of HTML, with the walks before and after as a picture.
  public func html(_ report: ProveReport) throws(Failure) -> String {
    let states = Set(report.suites.map(\.state)).sorted()
    var names: [String] = []
    for suite in report.suites where !names.contains(suite.name) { names.append(suite.name) }
    let rows = names.map { name -> [String: Any] in
      let cells = states.map { state -> [String: Any] in
        guard let suite = report.suites.first(where: { $0.state == state && $0.name == name }) else {
          return ["tone": "absent", "text": ""]
        }
        let all = suite.passed + suite.failed
        return suite.failed == 0
          ? ["tone": "passed", "text": "\(suite.passed)"] : ["tone": "failed", "text": "\(suite.passed)/\(all)"]
      }
      return ["name": name, "cells": cells]
    }
    return try page(
      "prove", title: report.sentence, tone: report.verdict.rawValue,
      [
        "sentence": report.sentence, "tone": report.verdict.rawValue, "rows": rows,
        "states": states.map { ["title": $0 == 0 ? "base" : "\($0)"] }, "hasWalks": !report.walks.isEmpty,
        "walks": walks(report), "scale": scale(report), "height": Self.top + Self.step * report.walks.count,
        "hasFindings": !report.findings.isEmpty, "findings": Self.model(report.findings),
      ])
  }

  /// The picture's measures, in its own units: where the bars begin, how long the longest is, where the first row is and
  /// how far apart the rows are.
  private static let left = 190
  private static let width = 480
  private static let top = 30
  private static let step = 44

  /// A length on a logarithmic scale on which 1 is to be seen, too.
  private func length(_ walks: Int, _ report: ProveReport) -> Int {
    let most = report.walks.flatMap { [$0.before, $0.after] }.max() ?? 1
    return Int((Double(Self.width) * log(Double(walks) + 1) / log(Double(most) + 1)).rounded())
  }

  private func walks(_ report: ProveReport) -> [[String: Any]] {
    report.walks.enumerated().map { index, walk in
      let y = Self.top + Self.step * index
      let (before, after) = (length(walk.before, report), length(walk.after, report))
      return [
        "path": walk.path, "bytes": ByteSize.text(walk.bytes), "leaf": ByteSize.text(walk.leaf),
        "before": walk.before, "after": walk.after, "isWorse": walk.after > walk.before,
        "left": Self.left, "label": Self.left - 10, "nameY": y + 14, "leafY": y + 30,
        "beforeY": y, "afterY": y + 18, "beforeWidth": before, "afterWidth": after,
        "beforeX": Self.left + before + 6, "afterX": Self.left + after + 6, "beforeTextY": y + 12, "afterTextY": y + 30,
        "microsecondsBefore": walk.microseconds.map { "\($0.before)" } ?? "",
        "microsecondsAfter": walk.microseconds.map { "\($0.after)" } ?? "",
      ]
    }
  }

  /// The powers of ten on the scale, as far as there are walks.
  private func scale(_ report: ProveReport) -> [[String: Any]] {
    let most = report.walks.flatMap { [$0.before, $0.after] }.max() ?? 1
    return sequence(first: 1) { $0 * 10 }.prefix { $0 <= most }.map { walks in
      ["x": Self.left + length(walks, report), "walks": walks]
    }
  }
}
