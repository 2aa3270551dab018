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

  private func model(_ counter: ProveReport.Counter) -> [String: Any] {
    let description = counter.description
    let most = counter.counts.flatMap { [$0.before, $0.after] }.reduce(1, max)
    // In percent of the longest bar, on a logarithmic scale on which a bar of 1 is still visible.
    let length = { (count: Int) in
      (1000 * log(Double(count) + 1) / log(Double(most) + 1)).rounded() / 10
    }
    let powers = sequence(first: 1) { $0 * 10 }.prefix { $0 <= most }
    let counts = counter.counts.map { (suite: $0.suite, model: model($0, of: counter, length)) }
    var suites: [String] = []
    for count in counts where !suites.contains(count.suite) { suites.append(count.suite) }
    return [
      "title": description.title, "unit": description.unit.prefix(1).uppercased() + description.unit.dropFirst(),
      "note": description.note ?? "", "hasNote": description.note != nil,
      "scale": powers.map { ["x": length($0), "number": Self.short($0)] },
      "first": description.dimensions.first?.column ?? "", "columns": counter.columns.map { ["title": $0] },
      "counts": counts.map(\.model),
      "suites": suites.map { suite in
        ["suite": suite, "bars": counts.filter { $0.suite == suite }.map(\.model)] as [String: Any]
      },
    ]
  }

  private func model(
    _ count: ProveReport.Count, of counter: ProveReport.Counter, _ length: (Int) -> Double
  ) -> [String: Any] {
    let isWorse = count.after > count.before
    let words = counter.description.words(for: count.measured)
    let cells = zip(counter.columns, counter.cells(of: count)).map { column, text in
      ["tone": isWorse && column == "after" ? "number failed" : "number", "text": text]
    }
    return [
      "row": counter.name(of: count).joined(separator: " "), "cells": cells,
      "name": words.first ?? "", "rest": words.dropFirst().joined(separator: " "),
      "before": count.before, "after": count.after, "isWorse": isWorse,
      "beforeLength": length(count.before), "afterLength": length(count.after),
    ]
  }

  /// A power of ten in few characters: "100", "10k", "1M".
  private static func short(_ number: Int) -> String {
    for (unit, size) in [("G", 1_000_000_000), ("M", 1_000_000), ("k", 1000)] where number >= size {
      return "\(number / size)\(unit)"
    }
    return "\(number)"
  }
}
