import Diagnostics
import Testing
import Verification

@testable import Reports

/// The parts that pages are made of.
@Suite struct ReportPartsTests {
  @Test func linesOfADiff() {
    let lines = [
      "diff --git a/a b/a", "--- a/a", "+++ b/a", "@@ -1,3 +1,3 @@", " a", "--- a comment", "-b", "+++ c", " d",
      "diff --git a/b b/b", "new mode 100755",
    ]
    let runs = DiffText.runs(lines)
    // In a hunk, "--- " begins a removed line.
    #expect(runs.map(\.kind) == [.file, .head, .hunk, .same, .old, .new, .same, .file, .head])
    #expect(runs.map(\.text).joined() == lines.map { $0 + "\n" }.joined())
  }

  @Test(arguments: [
    ([10, 20, 30], 100, 30), ([10, 20, 30], 60, 30), ([10, 20, 30], 50, 20), ([10, 20, 30], 30, 10),
    ([10, 20, 30], 9, 3), ([1, 1000, 1000], 201, 100), ([], 5, 5),
  ])
  func roomIsSharedOut(_ sizes: [Int], _ total: Int, _ limit: Int) {
    #expect(Room.limit(sizes, total: total) == limit)
    #expect(sizes.map { min($0, limit) }.reduce(0, +) <= max(total, 0))
  }

  @Test func whatIsCutEndsWithALine() {
    #expect(DiffText.lines("one\ntwo\nthree\n", limit: 9) == (["one", "two"], 1))
    #expect(DiffText.lines("one\ntwo\n", limit: 8) == (["one", "two"], 0))
    #expect(DiffText.lines("", limit: 8) == ([], 0))
  }

  @Test func timesAreSortedByLength() throws {
    func commit(_ index: Int, _ arm: Double, _ s390: Double) -> CommitReport {
      CommitReport(
        index: index, subject: "\(index)", tree: nil, verdict: .stands,
        checks: [
          CheckReport(name: .apply, verdict: .pass, seconds: 0.001),
          CheckReport(name: .compile, lane: "arm", verdict: .pass, seconds: arm),
          CheckReport(name: .compile, lane: "s390", verdict: .pass, seconds: s390),
        ])
    }
    let report = VerifyReport(
      verdict: .stands, base: .init(rev: "1", tree: "2"), firstBad: nil, coverage: .init(changedFiles: 1),
      commits: [commit(1, 1, 2), commit(2, 0, 0), commit(3, 4, 96), commit(4, 2, 1)])
    let table = TimeTable(report)
    // What takes no time to speak of is left out.
    #expect(table.columns.map(\.title) == ["s390", "arm"])
    #expect(table.rows.map(\.commit.index) == [3, 1, 4])
    let rows = try #require((table.model["tables"] as? [[String: Any]])?.first?["rows"] as? [[String: Any]])
    let cells = rows.compactMap { $0["cells"] as? [[String: Any]] }
    #expect(
      cells.map { $0.compactMap { $0["text"] as? String } } == [["96", "4.0"], ["2.0", "1.0"], ["1.0", "2.0"]])
    #expect(cells.map { $0.compactMap { $0["heat"] as? Int } } == [[100, 20], [14, 10], [10, 14]])
  }
}
