public import Descriptions
public import Diagnostics
import Foundation
public import Proving

/// The section of a cover letter on how the series was proven.
public struct ProofSection {
  private let report: ProveReport

  /// A section on what `report` says.
  public init(_ report: ProveReport) {
    self.report = report
  }

  /// Reads a report of `prove --json`.
  ///
  /// - Parameter counters: what `prove.yaml` counts, which tells how to read the report's counts.
  /// - Throws: status `.input` if the file is not such a report.
  public static func read(_ path: String, counters: [CounterDescription]) throws(Failure) -> ProveReport {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure(.input, at: Place(path), "cannot be read")
    }
    let report = try? JSONDecoder().decode(ProveReport.self, from: data, configuration: counters)
    guard let report, report.schema == ProveReport.schema else {
      throw Failure(
        .input, at: Place(path), "is not a '\(ProveReport.schema)' report",
        notes: ["`seriesmith prove --json FILE` writes one"])
    }
    return report
  }

  /// The paragraphs of the section.
  public var text: String {
    var boots: [String] = []
    for boot in report.suites.map(\.boot) where !boots.contains(boot) { boots.append(boot) }
    let tests = boots.map { boot in
      let suites = report.suites.filter { $0.boot == boot }
      let states = Set(suites.map(\.state)).sorted()
      let last = suites.filter { $0.state == states.last }
      let passed = last.map(\.passed).reduce(0, +)
      let ran = passed + last.map(\.failed).reduce(0, +)
      let scope = states.count > 2 ? "after every patch" : "after the last patch"
      return " - \(boot), \(scope): \(passed) of \(ran) pass"
    }
    let counts = report.counters.filter { !$0.counts.isEmpty }.flatMap { counter in
      let lines = counter.counts.map { count in
        let words = counter.description.words(for: count.measured).joined(separator: " ")
        let what = words.isEmpty ? count.suite : "\(count.suite), \(words)"
        return " - \(what): \(count.before) before, \(count.after) after"
      }
      return [counter.description.title + ":", lines.joined(separator: "\n")]
    }
    let paragraphs = [
      "Measured under QEMU by `seriesmith prove`:",
      "Tests, of which none passes at the base and fails with the series:", tests.joined(separator: "\n"),
    ]
    return (paragraphs + counts).joined(separator: "\n\n") + "\n"
  }
}

extension ProveReport.Suite {
  /// The name of the suite's boot.
  fileprivate var boot: String { String(name.prefix { $0 != ":" }) }
}
