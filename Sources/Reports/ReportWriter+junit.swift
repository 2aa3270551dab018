public import Diagnostics
public import Proving
import Templating
public import Verification

/// JUnit XML, the format in which CI systems read test results.
extension ReportWriter {
  /// The report as JUnit XML: a suite per commit, with a test per check and lane.
  ///
  /// - Throws: `Failure(.input)` if the template cannot be read or is not valid.
  public func junit(_ report: VerifyReport) throws(Failure) -> String {
    let width = String(report.commits.count).count
    return try junit(
      "seriesmith verify",
      report.commits.map { commit in
        let number = String(repeating: "0", count: width - String(commit.index).count) + "\(commit.index)"
        return Suite(
          name: "\(number) \(commit.subject)",
          tests: commit.checks.map { check in
            let found = check.findings.map(\.finding)
            let message = found.first { $0.severity == .error }?.message ?? "it fails"
            return Test(
              name: check.name.rawValue + (check.lane.map { " (\($0))" } ?? ""), seconds: check.seconds,
              failure: check.verdict == .fail ? message : nil, isSkipped: check.verdict == .skipped,
              text: Printer(color: false).text(found))
          })
      })
  }

  /// The report as JUnit XML: a suite per state, with a test per suite of its boots. Findings are a suite of their own.
  ///
  /// - Throws: `Failure(.input)` if the template cannot be read or is not valid.
  public func junit(_ report: ProveReport) throws(Failure) -> String {
    let states = Set(report.suites.map(\.state)).sorted()
    let errors = report.findings.map(\.finding).filter { $0.severity == .error }
    var suites = states.map { state in
      Suite(
        name: state == 0 ? "base" : "state \(state)",
        tests: report.suites.filter { $0.state == state }.map { suite in
          Test(
            name: suite.name, seconds: 0, failure: suite.failed == 0 ? nil : "\(suite.failed) tests failed",
            isSkipped: suite.passed + suite.failed == 0, text: "")
        })
    }
    if !errors.isEmpty {
      suites.append(
        Suite(
          name: "findings",
          tests: errors.map { finding in
            Test(
              name: finding.message, seconds: 0, failure: finding.message, isSkipped: false,
              text: finding.notes.joined(separator: "\n"))
          }))
    }
    return try junit("seriesmith prove", suites)
  }

  private struct Suite {
    var name: String
    var tests: [Test]
  }

  private struct Test {
    var name: String
    var seconds: Double
    var failure: String?
    var isSkipped: Bool
    var text: String
  }

  private func junit(_ name: String, _ suites: [Suite]) throws(Failure) -> String {
    func counts(_ tests: [Test]) -> [String: Any] {
      [
        "tests": tests.count, "failures": tests.count { $0.failure != nil },
        "skipped": tests.count { $0.isSkipped }, "time": tests.map(\.seconds).reduce(0, +),
      ]
    }
    let model = suites.map { suite -> [String: Any] in
      let tests = suite.tests.map { test -> [String: Any] in
        [
          "name": test.name, "suite": suite.name, "time": test.seconds, "isFailed": test.failure != nil,
          "isSkipped": test.isSkipped, "message": test.failure ?? "", "text": test.text,
        ]
      }
      return counts(suite.tests).merging(["name": suite.name, "cases": tests]) { first, _ in first }
    }
    return try Markup.render(
      "\(templates)/junit.xml",
      counts(suites.flatMap(\.tests)).merging(["name": name, "suites": model]) { first, _ in first })
  }
}
