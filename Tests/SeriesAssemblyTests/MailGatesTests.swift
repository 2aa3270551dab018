import Diagnostics
import Foundation
import PatchSeries
import Proving
import Testing
import Verification

@testable import SeriesAssembly

@Suite struct MailGatesTests {
  private let sender = Identity(name: "C O Mitter", email: "committer@example.com")

  private func patch(_ number: Int, of total: Int = 1, _ subject: String, body: String? = nil) -> Patch {
    Patch(
      subject: subject, author: Signature(name: sender.name, email: sender.email, seconds: 0, offsetMinutes: 0),
      body: body ?? "Why.\n\n\(sender.signOff)", number: number, total: total, diff: [], files: [])
  }

  private func record(_ verdict: String = "stands", remarks: String = "[]") throws -> VerdictRecord {
    try JSONDecoder().decode(
      VerdictRecord.self,
      from: Data(
        #"{"verdict": "\#(verdict)", "trees": ["a", "b"], "commits": ["\#(verdict)"], "lanes": [], "unchecked": [], "#
          .utf8)
        + Data(#""remarks": \#(remarks)}"#.utf8))
  }

  private func gates(_ patches: [Patch], _ record: VerdictRecord?) -> MailGates {
    var gates = MailGates(Series(patches: patches), in: "out", sender: sender, question: "seriesmith verify out")
    gates.record = record
    return gates
  }

  @Test func aVerifiedAndSignedSeriesMayBeMailed() throws {
    #expect(gates([patch(1, "a: use two")], try record()).findings.isEmpty)
  }

  @Test func nobodyVerifiedIt() {
    let findings = gates([patch(1, "a: use two")], nil).findings
    #expect(findings.map(\.message) == ["these patches are not verified as they are now"])
    #expect(findings.first?.notes == ["seriesmith verify out"])
  }

  @Test(arguments: ["falls", "incomplete"])
  func itDoesNotStand(verdict: String) throws {
    let findings = gates([patch(1, "a: use two")], try record(verdict)).findings
    #expect(findings.map(\.message) == ["the series does not stand (\(verdict))"])
  }

  @Test func twoPatchesHaveOneSubject() throws {
    let patches = [patch(1, of: 3, "a: use two"), patch(2, of: 3, "b: use two"), patch(3, of: 3, "a: use two")]
    let findings = gates(patches, try record()).findings
    #expect(findings.map(\.message) == ["the subject 'a: use two' is taken"])
    #expect(findings.first?.place?.file == "out/0003-a-use-two.patch")
    #expect(findings.first?.notes == ["by out/0001-a-use-two.patch"])
  }

  @Test func authorAndSenderMustSignOff() throws {
    var other = patch(1, "a: use two", body: "Why.")
    other.author = Signature(name: "A U Thor", email: "author@example.com", seconds: 0, offsetMinutes: 0)
    #expect(
      gates([other], try record()).findings.map(\.message) == [
        "is not signed off by A U Thor <author@example.com>", "is not signed off by C O Mitter <committer@example.com>",
      ])
    other.body = "Why.\n\nSigned-off-by: A U Thor <author@example.com>\n\(sender.signOff)"
    #expect(gates([other], try record()).findings.isEmpty)
  }

  @Test func listsTakeFifteen() throws {
    func findings(_ count: Int, allowsMany: Bool = false) throws -> [String] {
      var gates = gates((1...count).map { patch($0, of: count, "a: use \($0)") }, try record())
      gates.allowsMany = allowsMany
      return gates.findings.map(\.message)
    }
    #expect(try findings(15) == [])
    #expect(try findings(16) == ["16 patches are more than the 15 that lists take at once"])
    #expect(try findings(16, allowsMany: true) == [])
  }

  @Test func theProofIsAboutOtherPatches() throws {
    func findings(_ verdict: String, trees: String) throws -> [String] {
      let json = """
        {"schema": "seriesmith.prove/1", "verdict": "\(verdict)", "findings": [], "trees": \(trees), "suites": []}
        """
      let report = try JSONDecoder().decode(ProveReport.self, from: Data(json.utf8), configuration: [])
      var gates = gates([patch(1, "a: use two")], try record())
      gates.proof = (report, "prove.json")
      return gates.findings.map { "\($0.place?.file ?? ""): \($0.message)" }
    }
    #expect(try findings("holds", trees: #"["a", "b"]"#) == [])
    #expect(
      try findings("fails", trees: #"["a", "c"]"#) == [
        "prove.json: says that the series does not hold (fails)", "prove.json: is about other patches or another base",
      ])
  }
}
