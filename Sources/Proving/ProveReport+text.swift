import Descriptions
public import Diagnostics
import Verification

extension ProveReport {
  /// The report for people: the tests of each state, the counts, the findings, and the verdict.
  public func text(_ printer: Printer) -> String {
    var text = suiteTable(printer)
    for counter in counters where !counter.counts.isEmpty { text += "\n" + counter.table }
    if !findings.isEmpty { text += "\n" + printer.text(findings.map(\.finding)) }
    if let sandbox { text += "\n" + Printer.plain(sandbox) + ".\n" }
    return text + "\n" + printer.style(sentence, verdict == .holds ? "1;32" : "1;31") + "\n"
  }

  /// The verdict in one sentence, with the numbers of states, tests and findings.
  public var sentence: String {
    let states = Set(suites.map(\.state)).count
    let passed = suites.map(\.passed).reduce(0, +)
    let errors = findings.count { $0.severity == .error }
    let problems = errors == 0 ? "" : ", \(errors.counted("finding"))"
    return "\(verdict.rawValue): \(states.counted("state")), \(passed) tests passed\(problems)"
      + counters.compactMap(\.headline).map { ", \($0)" }.joined() + "."
  }

  /// A row per suite and a column per state: how many tests passed, and of how many if some failed.
  private func suiteTable(_ printer: Printer) -> String {
    let states = Set(suites.map(\.state)).sorted()
    var names: [String] = []
    for suite in suites where !names.contains(suite.name) { names.append(suite.name) }
    let title = "tests that passed"
    let width = ([title] + names).map(\.count).max() ?? 0
    let cells = names.map { name in
      states.map { state in suites.first { $0.state == state && $0.name == name } }
    }
    let column = max(4, cells.joined().map { $0.map { Self.cell($0).count } ?? 0 }.max() ?? 0)
    let header = states.map { ($0 == 0 ? "base" : "\($0)").aligned(right: column) }
    var text = title.aligned(left: width) + "  " + header.joined(separator: " ") + "\n"
    for (name, row) in zip(names, cells) {
      let numbers = row.map { suite in
        let cell = (suite.map(Self.cell) ?? "").aligned(right: column)
        return suite?.failed ?? 0 > 0 ? printer.style(cell, "1;31") : cell
      }
      text += name.aligned(left: width) + "  " + numbers.joined(separator: " ") + "\n"
    }
    return text
  }

  private static func cell(_ suite: Suite) -> String {
    suite.failed == 0 ? "\(suite.passed)" : "\(suite.passed)/\(suite.passed + suite.failed)"
  }
}

extension ProveReport.Counter {
  /// The count that changed most: "1 GiB in leaves of 1 GiB: 262144 walks before, 1 after"; nil if nothing was counted.
  fileprivate var headline: String? {
    counts.max { $0.before * $1.after < $1.before * $0.after }.map { count in
      let words = description.words(for: count.measured)
      return
        "\(words.isEmpty ? count.suite : words.joined(separator: " ")): \(count.before) \(description.unit) before, "
        + "\(count.after) after"
    }
  }

  /// The titles of `cells(of:)`. The table's first column, `name(of:)`, is not among them.
  public var columns: [String] {
    description.dimensions.dropFirst().map(\.column) + ["before", "after"]
      + description.besides.flatMap { ["\($0.unit) before", "\($0.unit) after"] }
  }

  /// The cells of a count: all dimensions but the first, which is part of the name, and the numbers.
  public func cells(of count: ProveReport.Count) -> [String] {
    let besides = count.besides.flatMap { ["\($0.before)", "\($0.after)"] }
    return zip(description.dimensions, count.measured).dropFirst().map { $0.text($1) }
      + ["\(count.before)", "\(count.after)"]
      + (besides.isEmpty ? description.besides.flatMap { _ in ["", ""] } : besides)
  }

  /// The name of a count: its suite, and its first dimension if it has one.
  public func name(of count: ProveReport.Count) -> [String] {
    [count.suite] + description.words(for: count.measured).prefix(1)
  }

  /// A table with a row per count.
  fileprivate var table: String {
    let rows =
      [[description.table] + columns] + counts.map { [name(of: $0).joined(separator: " ")] + cells(of: $0) }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { index, cell in
        index == 0 ? cell.aligned(left: widths[index]) : cell.aligned(right: widths[index])
      }.joined(separator: "  ") + "\n"
    }.joined()
  }
}

extension String {
  fileprivate func aligned(left width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }

  fileprivate func aligned(right width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }
}
