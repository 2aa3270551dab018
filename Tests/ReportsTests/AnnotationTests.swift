import Diagnostics
import Foundation
import Testing
import Verification

@testable import Reports

@Suite struct AnnotationTests {
  /// A report on one commit.
  private func report(_ checks: CheckReport..., firstBad: FirstBad? = nil, strays: Set<String> = []) -> VerifyReport {
    VerifyReport(
      verdict: .falls, base: .init(rev: "12", tree: "34"), firstBad: firstBad, coverage: .init(changedFiles: 1),
      commits: [CommitReport(index: 1, subject: "a, b: do 5%", tree: "56", verdict: .falls, checks: checks)],
      strays: strays)
  }

  private func check(
    _ name: CheckName, _ verdict: CheckReport.Verdict, in lane: String? = nil, _ findings: Finding...
  ) -> CheckReport {
    CheckReport(name: name, lane: lane, verdict: verdict, findings: findings.map { ReportedFinding($0) })
  }

  private let missing = Finding(at: Place("a/b.c", line: 3, column: 7), "no member 'c'", notes: ["included from d.h:1"])

  @Test func githubTakesALineForEach() {
    let report = report(
      check(.structure, .pass, Finding(.warning, at: Place("d.h"), "100% odd")),
      check(.compile, .fail, in: "arm", missing))
    #expect(
      report.annotations.githubCommands == """
        ::warning file=d.h,title=1/1 a%2C b%3A do 5%25%3A structure::100%25 odd
        ::error file=a/b.c,line=3,col=7,title=1/1 a%2C b%3A do 5%25%3A compile%2C arm::no member 'c'%0Aincluded from d.h:1

        """)
  }

  /// Each mark is read as one character together with what follows it.
  @Test func githubsMarksAreEscapedInEveryCharacter() {
    let accent = "\u{301}"
    let finding = Finding(at: Place("a,\(accent)b:\(accent).c"), "one\r\ntwo%\(accent)")
    let line = report(check(.compile, .fail, in: "arm", finding)).annotations.githubCommands
    #expect(Array(line.utf8).split(separator: 10).count == 1)
    let (comma, colon, percent) = ("a%2C\(accent)b%3A\(accent).c", "::one%0D%0A", "two%25\(accent)\n")
    for part in [comma, colon, percent] { #expect(line.utf8.contains(part.utf8), "\(line)") }
  }

  @Test func whatSeveralLanesSayOfALineIsOneAnnotation() {
    var other = missing
    other.notes = ["included from e.h:2"]
    let annotations = report(
      check(.compile, .fail, in: "arm", missing),
      check(.compile, .fail, in: "s390", other, Finding(.error, "it is late"))
    ).annotations
    #expect(annotations.map(\.lanes) == [["arm", "s390"], ["s390"]])
    #expect(annotations[0].notes == ["included from d.h:1", "included from e.h:2"])
  }

  @Test func theWorstFindingsOfACheckThatFailsAreErrors() {
    let (error, warning) = (Finding(.error, "it is wrong"), Finding(.warning, "it is odd"))
    func severities(_ checks: CheckReport...) -> [Annotation.Severity] {
      checks.flatMap { report($0).annotations.map(\.severity) }
    }
    #expect(severities(check(.style, .fail, error, warning)) == [.error, .warning])
    #expect(severities(check(.compile, .fail, in: "arm", warning)) == [.error])
    #expect(severities(check(.compile, .skipped, in: "arm", warning)) == [.warning])
    #expect(severities(check(.style, .pass, Finding(.check, "why not"), Finding(.note, "accepted"))) == [])
    #expect(report(check(.link, .fail, in: "arm")).annotations.map(\.message) == ["it fails"])
  }

  /// A patch may be named as a file of the tree is.
  @Test func whatIsNotAboutAFileOfTheTreeHasNoPlace() throws {
    let report = report(
      check(.apply, .fail, Finding(at: Place("README", line: 8), "hunk 1 does not apply")),
      check(.style, .pass, Finding(.warning, at: Place("accepted.yaml", line: 2), "matches no finding")),
      check(.link, .fail, in: "arm", Finding(.error, "the disk is full"), missing), strays: ["accepted.yaml"])
    #expect(report.annotations.map(\.place?.file) == [nil, nil, nil, "a/b.c"])
    let lines = report.annotations.githubCommands.split(separator: "\n")
    #expect(lines[0].hasSuffix("::README:8: hunk 1 does not apply") && lines[0].hasPrefix("::error title="))
    #expect(lines[1].hasSuffix("::accepted.yaml:2: matches no finding"))
    #expect(try entries(report).map(\.location.path) == ["a/b.c"])
  }

  @Test func theFirstBadCommitSaysHowToFixIt() {
    let bad = FirstBad(
      index: 1, check: .compile, lane: "arm", reason: "a/b.c:3:7: no member 'c'; move patch 2 before it", fixedBy: 2)
    let notes = report(check(.compile, .fail, in: "arm", missing), firstBad: bad).annotations.map(\.notes)
    #expect(notes == [["included from d.h:1", "move patch 2 before it"]])
  }

  // MARK: GitLab

  private struct Entry: Decodable, Hashable {
    struct Location: Decodable, Hashable {
      struct Lines: Decodable, Hashable {
        var begin: Int
      }
      var path: String
      var lines: Lines
    }
    var description: String
    var fingerprint: String
    var severity: String
    var location: Location
  }

  private func entries(_ report: VerifyReport) throws -> [Entry] {
    try JSONDecoder().decode([Entry].self, from: report.annotations.gitlabReport())
  }

  @Test func gitlabTakesAnEntryForEach() throws {
    let entries = try entries(
      report(
        check(.compile, .fail, in: "arm", missing), check(.style, .pass, Finding(.warning, at: Place("d.h"), "odd"))))
    #expect(
      entries.map(\.description) == [
        "no member 'c' (compile, arm, patch 1/1 'a, b: do 5%')", "odd (style, patch 1/1 'a, b: do 5%')",
      ])
    #expect(entries.map(\.severity) == ["critical", "minor"])
    #expect(entries.map(\.location.lines.begin) == [3, 1])
  }

  /// GitLab knows a finding from one run to the next by its fingerprint, and shows one of each.
  @Test func fingerprintsTellFindingsApartAndLast() throws {
    var moved = missing
    moved.place?.line = 4
    let both = try entries(report(check(.compile, .fail, in: "arm", missing, moved))).map(\.fingerprint)
    #expect(Set(both).count == 2)
    let later = try entries(report(check(.compile, .fail, in: "s390", moved))).map(\.fingerprint)
    #expect(later == [both[0]])
  }
}
