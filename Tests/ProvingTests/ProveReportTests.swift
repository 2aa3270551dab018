import Diagnostics
import Foundation
import Testing
import Verification

@testable import Proving

@Suite struct ProveReportTests {
  private let report = ProveReport(
    verdict: .fails, trees: ["12", "34", "56"],
    suites: [
      .init(state: 0, name: "selftests: vtdss_iommu_test", passed: 12, failed: 0, skipped: 1),
      .init(state: 0, name: "unmap: vfio", passed: 1, failed: 0, skipped: 0),
      .init(state: 1, name: "selftests: vtdss_iommu_test", passed: 12, failed: 0, skipped: 1),
      .init(state: 2, name: "selftests: vtdss_iommu_test", passed: 11, failed: 1, skipped: 1),
      .init(state: 2, name: "unmap: vfio", passed: 1, failed: 0, skipped: 0),
    ],
    counters: [
      .init(
        description: .walks,
        counts: [
          .init(
            suite: "vfio", measured: [3_145_728, 2_097_152], before: 768, after: 257,
            besides: [.init(before: 912, after: 400)]),
          .init(
            suite: "iommufd", measured: [1 << 30, 1 << 30], before: 262_144, after: 1,
            besides: [.init(before: 100_000, after: 40)]),
        ])
    ],
    findings: [ReportedFinding(Finding(.error, "state 2/2 (change), selftests: map fails", notes: ["why"]))])

  @Test func text() {
    #expect(
      report.text(Printer(color: false)) == """
        tests that passed             base     1     2
        selftests: vtdss_iommu_test     12    12 11/12
        unmap: vfio                      1           1

        walks to unmap  in leaves of  before  after  instructions before  instructions after
        vfio 3 MiB             2 MiB     768    257                  912                 400
        iommufd 1 GiB          1 GiB  262144      1               100000                  40

        seriesmith: error: state 2/2 (change), selftests: map fails
            why

        fails: 3 states, 37 tests passed, 1 finding, 1 GiB in leaves of 1 GiB: 262144 walks before, 1 after.

        """)
  }

  @Test func json() throws {
    var small = report
    small.suites.removeLast(4)
    small.counters[0].counts.removeLast()
    #expect(
      String(decoding: try small.json(), as: UTF8.self) == """
        {
          "findings" : [
            {
              "column" : null,
              "file" : null,
              "line" : null,
              "message" : "state 2/2 (change), selftests: map fails",
              "severity" : "error"
            }
          ],
          "schema" : "seriesmith.prove/1",
          "suites" : [
            {
              "failed" : 0,
              "name" : "selftests: vtdss_iommu_test",
              "passed" : 12,
              "skipped" : 1,
              "state" : 0
            }
          ],
          "trees" : [
            "12",
            "34",
            "56"
          ],
          "verdict" : "fails",
          "walks" : [
            {
              "after" : 257,
              "before" : 768,
              "bytes" : 3145728,
              "leaf" : 2097152,
              "path" : "vfio"
            }
          ]
        }

        """)
  }

  /// Except values that differ between runs.
  @Test func whatIsWrittenIsRead() throws {
    var expected = report
    for index in expected.counters[0].counts.indices { expected.counters[0].counts[index].besides = [] }
    expected.findings = [ReportedFinding(Finding(.error, expected.findings[0].finding.message))]
    let data = try report.json()
    #expect(try JSONDecoder().decode(ProveReport.self, from: data, configuration: [.walks]) == expected)
    // A counter newer than the report has no counts.
    expected.counters.append(.init(description: .locks, counts: []))
    #expect(try JSONDecoder().decode(ProveReport.self, from: data, configuration: [.walks, .locks]) == expected)
  }

  @Test func withoutACounter() throws {
    var plain = report
    plain.counters = []
    let text = plain.text(Printer(color: false))
    #expect(text.contains("\nunmap: vfio                      1           1\n\nseriesmith: error:"))
    #expect(text.hasSuffix("\n\nfails: 3 states, 37 tests passed, 1 finding.\n"))
    let json = try #require(try JSONSerialization.jsonObject(with: plain.json()) as? [String: Any])
    #expect(json.keys.sorted() == ["findings", "schema", "suites", "trees", "verdict"])
  }

  @Test func ofTwoCounters() throws {
    var both = report
    both.verdict = .holds
    both.suites = []
    both.findings = []
    both.counters.append(
      .init(description: .locks, counts: [.init(suite: "clk", measured: [], before: 4, after: 2)]))
    let lines = both.text(Printer(color: false)).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines.suffix(6).dropLast() == [
        "", "locks  before  after", "clk         4      2", "",
        "holds: 0 states, 0 tests passed, 1 GiB in leaves of 1 GiB: 262144 walks before, 1 after, "
          + "clk: 4 locks before, 2 after.",
      ])
    let json = try #require(try JSONSerialization.jsonObject(with: both.json()) as? [String: Any])
    #expect(json["locks"] as? [NSDictionary] == [["clock": "clk", "before": 4, "after": 2]])
    #expect((json["walks"] as? [Any])?.count == 2)
  }

  @Test(arguments: [
    (ProveReport.Verdict.holds, Diagnostics.ExitStatus.holds), (.fails, .falls), (.incomplete, .unavailable),
  ])
  func exitStatus(_ verdict: ProveReport.Verdict, _ status: Diagnostics.ExitStatus) {
    #expect(ProveReport(verdict: verdict, trees: [], suites: [], counters: [], findings: []).exitStatus == status)
  }
}
