import Descriptions
public import Diagnostics
import Foundation
public import Proving

extension ReportWriter {
  /// The report as one page of HTML, with a chart of the counts before and after.
  ///
  /// - Throws: `Failure(.input)` if a template cannot be read or is not valid.
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
        "states": states.map { ["title": $0 == 0 ? "base" : "\($0)"] },
        "counters": report.counters.filter { !$0.counts.isEmpty }.map(model),
        "hasFindings": !report.findings.isEmpty, "findings": Self.model(report.findings),
      ])
  }

  /// The chart's layout, in SVG units: the bars' left edge, the longest bar, the first row, and the distance of rows.
  private static let left = 190
  private static let width = 480
  private static let top = 30
  private static let step = 44

  private func model(_ counter: ProveReport.Counter) -> [String: Any] {
    let description = counter.description
    let most = counter.counts.flatMap { [$0.before, $0.after] }.reduce(1, max)
    // A logarithmic scale on which a bar of 1 is still visible.
    let length = { (count: Int) in
      Int((Double(Self.width) * log(Double(count) + 1) / log(Double(most) + 1)).rounded())
    }
    let powers = sequence(first: 1) { $0 * 10 }.prefix { $0 <= most }
    return [
      "title": description.title, "unit": description.unit.prefix(1).uppercased() + description.unit.dropFirst(),
      "note": description.note.map { " \($0)" } ?? "", "height": Self.top + Self.step * counter.counts.count,
      "scale": powers.map { ["x": Self.left + length($0), "number": $0] },
      "first": description.dimensions.first?.column ?? "", "columns": counter.columns.map { ["title": $0] },
      "counts": counter.counts.enumerated().map { index, count -> [String: Any] in
        let y = Self.top + Self.step * index
        let (before, after) = (length(count.before), length(count.after))
        let isWorse = count.after > count.before
        let name = counter.name(of: count)
        let cells = zip(counter.columns, counter.cells(of: count)).map { column, text in
          ["tone": isWorse && column == "after" ? "number failed" : "number", "text": text]
        }
        return [
          "name": name.joined(separator: ", "), "row": name.joined(separator: " "), "cells": cells,
          "rest": description.words(for: count.measured).dropFirst().joined(separator: " "),
          "before": count.before, "after": count.after, "isWorse": isWorse,
          "left": Self.left, "label": Self.left - 10, "nameY": y + 14, "restY": y + 30,
          "beforeY": y, "afterY": y + 18, "beforeWidth": before, "afterWidth": after,
          "beforeX": Self.left + before + 6, "afterX": Self.left + after + 6, "beforeTextY": y + 12,
          "afterTextY": y + 30,
        ]
      },
    ]
  }
}
