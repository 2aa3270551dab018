import Diagnostics
import Testing
import Verification

@testable import Reports

/// Which hunks and lines a page shows of a fall.
@Suite struct FallEvidenceTests {
  /// Patch 1 removes a function that `user.c` calls until patch 2.
  private static let removal = """
    diff --git a/include/frob.h b/include/frob.h
    --- a/include/frob.h
    +++ b/include/frob.h
    @@ -1,3 +1,3 @@
     int other(void);
    -int frob_other(void);
    +int frob_others(void);
     int last(void);
    @@ -20,3 +20,3 @@ struct frob {
     int more(void);
    -int frob(void);
    +int frob_new(void);
     int end(void);

    """
  private static let repair = """
    diff --git a/user.c b/user.c
    --- a/user.c
    +++ b/user.c
    @@ -5,3 +5,3 @@ int use(void)
     {
    -\treturn 1 + frob();
    +\treturn 1 + frob_new();
     }

    """
  private static let user = "#include <frob.h>\n\n\nint use(void)\n{\n\treturn 1 + frob();\n}\n\nint end;\nint tail;\n"

  private static let undeclared = Finding(
    at: Place("user.c", line: 6, column: 13), "call to undeclared function 'frob'")

  private func evidence(
    _ finding: Finding, check: CheckName = .compile, lane: String? = "arm", diffs: [String], advice: String = "move it"
  ) throws -> FallEvidence {
    let place = finding.place.map { "\($0): " } ?? ""
    let fall = CheckReport(name: check, lane: lane, verdict: .fail, findings: [.init(finding)])
    let report = VerifyReport(
      verdict: .falls, base: .init(rev: "1", tree: "2"),
      firstBad: FirstBad(
        index: 1, check: check, lane: lane, reason: "\(place)\(finding.message); \(advice)", fixedBy: 2),
      coverage: .init(changedFiles: 2),
      commits: [
        CommitReport(
          index: 1, subject: "remove", tree: "3", verdict: .falls,
          checks: [fall, CheckReport(name: check, lane: "s390", verdict: .fail, findings: [.init(finding)])]),
        CommitReport(index: 2, subject: "use", tree: "4", verdict: .stands, checks: []),
      ])
    return try #require(
      FallEvidence(report, diffs: diffs, file: { $0 == "user.c" ? Array(Self.user.utf8) : nil }))
  }

  @Test func whatTheRemovalOfAUsedFunctionShows() throws {
    let fall = try evidence(Self.undeclared, diffs: [Self.removal, Self.repair])
    #expect(fall.lanes == ["arm", "s390"])
    #expect(fall.advice == "move it")
    // The hunk that removes the name, not the one that removes a longer one.
    #expect(fall.blamed.map(\.header) == ["@@ -20,3 +20,3 @@ struct frob {"])
    #expect(
      fall.blamed.first?.lines.map(\.text) == [
        " int more(void);\n", "-int frob(void);\n", "+int frob_new(void);\n", " int end(void);\n",
      ])
    #expect(fall.mending.map(\.file) == ["user.c"])
    #expect(fall.failing.first?.lines.map(\.number) == [3, 4, 5, 6, 7, 8, 9])
    let marked = fall.failing.first?.lines.filter { $0.mark != nil } ?? []
    #expect(marked.map(\.text) == ["\treturn 1 + frob();"])
    // Below the name: a tab for the tab.
    #expect(marked.map(\.mark) == ["\t           ^"])
  }

  @Test func aHunkWithTheLineComesFirst() throws {
    let finding = Finding(at: Place("user.c", line: 6), "no member named 'frob'")
    let fall = try evidence(finding, diffs: [Self.removal + Self.repair, ""])
    #expect(fall.blamed.map(\.file) == ["user.c"])
    #expect(fall.mending.isEmpty)
    #expect(fall.failing.first?.lines.compactMap(\.mark) == [""])
  }

  @Test func aNoteLeadsToADeclaration() throws {
    let finding = Finding(
      at: Place("user.c", line: 6), "too few arguments to function call",
      notes: ["include/frob.h:21:5: note: declared here"])
    #expect(
      try evidence(finding, diffs: [Self.removal, ""]).blamed.map(\.header) == ["@@ -20,3 +20,3 @@ struct frob {"])
  }

  @Test func aHunkThatDoesNotApply() throws {
    let finding = Finding(
      at: Place("0001-remove.patch", line: 30), "hunk @@ -1,3 +1,3 @@ of include/frob.h does not apply")
    let fall = try evidence(finding, check: .apply, lane: nil, diffs: [Self.removal, ""])
    #expect(fall.blamed.map(\.header) == ["@@ -1,3 +1,3 @@"])
    #expect(fall.failing.first?.lines.isEmpty == true)
  }

  @Test func nothingIsBlamedWithoutAClue() throws {
    let finding = Finding(at: Place("elsewhere.c", line: 1), "expected ';'")
    let fall = try evidence(finding, diffs: [Self.removal, Self.repair])
    #expect(fall.blamed.isEmpty && fall.mending.isEmpty)
  }

  @Test func aLongHunkIsCutAroundTheLine() throws {
    let lines = (1...200).map { "+line \($0)" }
    let diff =
      "diff --git a/user.c b/user.c\n--- a/user.c\n+++ b/user.c\n@@ -0,0 +1,200 @@\n"
      + lines.joined(separator: "\n") + "\n"
    let part = try #require(
      try evidence(Finding(at: Place("user.c", line: 100), "wrong"), diffs: [diff, ""]).blamed.first)
    #expect(part.lines.map(\.kind) == [.head, .new, .head])
    #expect(part.lines[1].text.hasPrefix("+line 86\n") && part.lines[1].text.hasSuffix("+line 113\n"))
  }
}
