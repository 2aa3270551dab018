import Diagnostics
import Testing

@testable import Verification

@Suite struct AcceptanceTests {
  private static let stub = "f() has no stub for !CONFIG_A"

  private func check(_ name: CheckName, _ findings: [(Finding.Severity, String)]) -> CheckReport {
    CheckReport(
      name: name, verdict: .fail, findings: findings.map { .init(Finding($0.0, at: Place("a.h", line: 3), $0.1)) })
  }

  private func acceptance(_ check: CheckName, _ message: String, in file: String = "a.h") -> Acceptance {
    Acceptance(check: check, file: file, message: message, reason: "as mailed", place: Place("accepted.yaml", line: 2))
  }

  @Test func aCheckPassesWhoseOnlyFindingIsAccepted() {
    let check = check(.structure, [(.error, Self.stub)]).accepting([acceptance(.structure, Self.stub)])
    #expect(check.verdict == .pass)
    #expect(
      Printer(color: false).text(check.findings[0].finding)
        == "a.h:3: note: f() has no stub for !CONFIG_A\n    accepted: as mailed")
  }

  @Test func aCheckFailsOfWhatIsNotAccepted() {
    let check = check(.structure, [(.error, Self.stub), (.error, "other")])
    #expect(check.accepting([acceptance(.structure, Self.stub)]).verdict == .fail)
    #expect(check.accepting([acceptance(.style, Self.stub)]).findings == check.findings)
    #expect(check.accepting([acceptance(.structure, Self.stub, in: "b.h")]).findings == check.findings)
    #expect(check.accepting([acceptance(.structure, "f() has no stub")]).findings == check.findings)
  }

  /// kernel-doc and sparse fail on warnings, checkpatch only on errors.
  @Test func warningsLeftFailOnlyWhereWarningsFail() {
    #expect(
      check(.kernelDoc, [(.warning, "one"), (.warning, "two")]).accepting([acceptance(.kernelDoc, "one")]).verdict
        == .fail)
    #expect(
      check(.style, [(.error, "one"), (.warning, "two")]).accepting([acceptance(.style, "one")]).verdict == .pass)
  }

  @Test func anAcceptanceOfNothingIsNamed() {
    let commit = CommitReport(
      index: 1, subject: "one", tree: nil, verdict: .stands,
      checks: [CheckReport(name: .structure, verdict: .pass), CheckReport(name: .sparse, lane: "arm", verdict: .pass)])
    var commits = [commit]
    commits.noteUnused([acceptance(.structure, Self.stub), acceptance(.kernelDoc, "not asked for at this depth")])
    #expect(commits[0].checks[0].findings.map(\.message) == ["matches no finding: a.h: \(Self.stub)"])
    #expect(commits[0].checks[1] == commit.checks[1])
    #expect(commits[0].checks[0].verdict == .pass)
  }
}
