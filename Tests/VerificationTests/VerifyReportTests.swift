import Diagnostics
import Testing

@testable import Verification

@Suite struct VerifyReportTests {
  private let report = VerifyReport(
    verdict: .falls, base: .init(rev: "1234", tree: "5678"),
    firstBad: FirstBad(
      index: 2, check: .compile, lane: "arm", reason: "drivers/a.c:3:1: no member named 'length'", fixedBy: nil),
    coverage: .init(changedFiles: 2, unchecked: [.init(file: "tools/lib/a.c", why: "no check looks at it")]),
    commits: [
      CommitReport(
        index: 1, subject: "iommu: add length", tree: "9a", verdict: .stands,
        checks: [
          CheckReport(name: .apply, verdict: .pass), CheckReport(name: .compile, lane: "arm64", verdict: .pass),
          CheckReport(name: .compile, lane: "arm", verdict: .pass, units: 2, cached: 1, seconds: 1.5),
        ]),
      CommitReport(
        index: 2, subject: "iommu: a driver whose subject is much longer than what fits on a line", tree: nil,
        verdict: .falls,
        checks: [
          CheckReport(name: .apply, verdict: .pass), CheckReport(name: .compile, lane: "arm64", verdict: .skipped),
          CheckReport(
            name: .compile, lane: "arm", verdict: .fail, units: 1,
            findings: [
              .init(Finding(at: Place("drivers/a.c", line: 3, column: 1), "no member named 'length'", notes: ["why"]))
            ]),
        ]),
    ])

  @Test func text() {
    #expect(
      report.text(Printer(color: false)) == """
        apply
        │ arm64
        │ │ arm
        ✓ · ✓  1/2 iommu: add length                                        2 units 2 s
        ✓ – ✗  2/2 iommu: a driver whose subject is much longer than what fits…  1 unit

        patch 2/2, compile, arm:
        drivers/a.c:3:1: error: no member named 'length'
            why

        falls at patch 2/2 (iommu: a driver whose subject is much longer than what fits on a line): compile, arm:
            drivers/a.c:3:1: no member named 'length'

        """)
  }

  @Test func theVerdictStaysOnALine() throws {
    var report = report
    let bad = try #require(report.firstBad)
    report.commits[1].subject = String(repeating: "long ", count: 60)
    report.firstBad = FirstBad(
      index: bad.index, check: bad.check, lane: bad.lane, reason: "a.c:3: \(bad.reason); patch 3 fixes it", fixedBy: 3)
    let lines = report.text(Printer(color: false)).split(separator: "\n").suffix(3)
    #expect(lines.first?.count == 120)
    #expect(lines.first?.hasSuffix("…): compile, arm:") == true)
    #expect(lines.last == "    patch 3 fixes it")
  }

  @Test func json() throws {
    var small = report
    small.commits.removeFirst()
    small.commits[0].checks.removeSubrange(..<2)
    small.commits[0].checks[0].seconds = 1.5
    #expect(
      String(decoding: try small.json(), as: UTF8.self) == """
        {
          "base" : {
            "rev" : "1234",
            "tree" : "5678"
          },
          "commits" : [
            {
              "checks" : [
                {
                  "cached" : 0,
                  "findings" : [
                    {
                      "column" : 1,
                      "file" : "drivers/a.c",
                      "line" : 3,
                      "message" : "no member named 'length'",
                      "severity" : "error"
                    }
                  ],
                  "lane" : "arm",
                  "name" : "compile",
                  "seconds" : 1.5,
                  "units" : 1,
                  "verdict" : "fail"
                }
              ],
              "index" : 2,
              "subject" : "iommu: a driver whose subject is much longer than what fits on a line",
              "tree" : null,
              "verdict" : "falls"
            }
          ],
          "coverage" : {
            "changed_files" : 2,
            "exempt" : [

            ],
            "never_compiled" : [

            ],
            "unchecked" : [
              {
                "file" : "tools/lib/a.c",
                "needs" : null,
                "why" : "no check looks at it"
              }
            ]
          },
          "first_bad" : {
            "check" : "compile",
            "fixed_by" : null,
            "index" : 2,
            "lane" : "arm",
            "reason" : "drivers/a.c:3:1: no member named 'length'"
          },
          "schema" : "seriesmith.verify/1",
          "verdict" : "falls"
        }

        """)
  }

  @Test func sentences() {
    var report = report
    report.verdict = .stands
    #expect(report.sentence == "stands: 2 commits, 2 lanes, 3 units (1 cached), nothing unchecked at depth compile.")
    report.verdict = .incomplete
    #expect(report.sentence == "incomplete: 2 commits, 2 lanes, 3 units (1 cached), 1 changed file unchecked.")
  }
}
