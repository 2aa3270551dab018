public import Diagnostics
import Verification

extension ProveReport {
  /// The report for people: tests a state, walks, then the findings, then the verdict.
  public func text(_ printer: Printer) -> String {
    var text = suiteTable(printer)
    if !walks.isEmpty { text += "\n" + walkTable(printer) }
    if !findings.isEmpty { text += "\n" + printer.text(findings.map(\.finding)) }
    if let sandbox { text += "\n" + Printer.plain(sandbox) + ".\n" }
    return text + "\n" + printer.style(sentence, verdict == .holds ? "1;32" : "1;31") + "\n"
  }

  /// The verdict in a sentence.
  public var sentence: String {
    let states = Set(suites.map(\.state)).count
    let passed = suites.map(\.passed).reduce(0, +)
    let errors = findings.count { $0.severity == .error }
    let headline = walks.max { $0.before * $1.after < $1.before * $0.after }.map { walk in
      ", \(ByteSize.text(walk.bytes)) in leaves of \(ByteSize.text(walk.leaf)): \(walk.before) walks before, "
        + "\(walk.after) after"
    }
    let problems = errors == 0 ? "" : ", \(errors) finding\(errors == 1 ? "" : "s")"
    return "\(verdict.rawValue): \(states) state\(states == 1 ? "" : "s"), \(passed) tests passed\(problems)"
      + (headline ?? "") + "."
  }

  /// A row a suite, a column a state: how many of its tests passed, of how many.
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
    let header = states.map { Self.right($0 == 0 ? "base" : "\($0)", column) }
    var text = Self.left(title, width) + "  " + header.joined(separator: " ") + "\n"
    for (name, row) in zip(names, cells) {
      let numbers = row.map { suite in
        let cell = Self.right(suite.map(Self.cell) ?? "", column)
        return suite?.failed ?? 0 > 0 ? printer.style(cell, "1;31") : cell
      }
      text += Self.left(name, width) + "  " + numbers.joined(separator: " ") + "\n"
    }
    return text
  }

  private static func cell(_ suite: Suite) -> String {
    suite.failed == 0 ? "\(suite.passed)" : "\(suite.passed)/\(suite.passed + suite.failed)"
  }

  private func walkTable(_ printer: Printer) -> String {
    var rows = [["walks to unmap", "in leaves of", "before", "after", "µs before", "µs after"]]
    for walk in walks {
      rows.append([
        "\(walk.path) \(ByteSize.text(walk.bytes))", ByteSize.text(walk.leaf), "\(walk.before)", "\(walk.after)",
        walk.microseconds.map { "\($0.before)" } ?? "", walk.microseconds.map { "\($0.after)" } ?? "",
      ])
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { index, cell in
        index == 0 ? Self.left(cell, widths[index]) : Self.right(cell, widths[index])
      }.joined(separator: "  ") + "\n"
    }.joined()
  }

  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
