import Diagnostics
import PatchSeries
import Testing

@Suite struct DiffReaderTests {
  private let head = "diff --git a/a.c b/a.c\nindex 000011112222..333344445555 100644\n--- a/a.c\n+++ b/a.c\n"

  private func read(_ text: String) throws -> [FileDiff] {
    try DiffReader.read(Array(text.utf8), file: "p", firstLine: 1)
  }

  private func expectFailure(
    _ text: String, line: Int, _ message: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let failure = #expect(throws: Failure.self, sourceLocation: sourceLocation) { try read(text) }
    #expect(failure?.status == .input, sourceLocation: sourceLocation)
    #expect(failure?.findings.first?.place == Place("p", line: line), sourceLocation: sourceLocation)
    #expect(
      failure?.findings.first?.message.contains(message) == true, "\(failure as Any)", sourceLocation: sourceLocation)
  }

  @Test func readsFilesHunksAndLines() throws {
    let diffs = try read(
      "Text.\n" + head + "@@ -3,2 +3,3 @@ int f(void)\n a\n+b\n c\n@@ -9 +10 @@\n-x\n+y\n-- \n2.39.5\n")
    let diff = try #require(diffs.first)
    #expect(diffs.count == 1)
    #expect((diff.path, diff.status, diff.oldMode, diff.number) == ("a.c", .modified, .regular, 2))
    #expect((diff.oldID, diff.newID) == ("000011112222", "333344445555"))
    #expect(diff.hunks.map(\.number) == [6, 10])
    #expect(diff.hunks.map(\.heading) == ["int f(void)", ""])
    #expect(diff.hunks.map(\.range) == ["@@ -3,2 +3,3 @@", "@@ -9 +10 @@"])
    #expect(diff.addedLines == [4, 10])
    #expect(diff.removedLines == [9])
    #expect(diff.hunks[0].lines.map(\.number) == [7, 8, 9])
  }

  @Test func readsRenamesModesAndQuotedNames() throws {
    let diffs = try read(
      """
      diff --git a/old.c b/new.c
      similarity index 90%
      rename from old.c
      rename to new.c
      diff --git a/run.sh b/run.sh
      old mode 100644
      new mode 100755
      diff --git "a/\\303\\244.c" "b/\\303\\244.c"
      deleted file mode 100644
      index e69de29bb2d1..000000000000
      diff --git a/with space.c b/with space.c
      new file mode 100644
      index 000000000000..111122223333
      --- /dev/null
      +++ b/with space.c\t
      @@ -0,0 +1 @@
      +a

      """)
    #expect(diffs.map(\.path) == ["new.c", "run.sh", "\u{e4}.c", "with space.c"])
    #expect(diffs.map(\.status) == [.renamed, .modified, .deleted, .added])
    #expect(diffs[0].oldPath == "old.c")
    #expect(diffs[1].newMode == .executable)
    #expect(diffs[2].newPath == nil)
  }

  @Test func readsAMissingNewline() throws {
    let hunk = try #require(
      try read(head + "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n")[0].hunks
        .first)
    #expect(hunk.lines.map(\.content) == [[0x61], [0x62]])
  }

  @Test func refusesTruncatedHunks() {
    expectFailure(head + "@@ -1,3 +1,4 @@\n a\n+b\n", line: 5, "ends after 1 and 2")
    expectFailure(head + "@@ -1,3 +1,4 @@\n a\n+b", line: 7, "middle of a line")
    expectFailure(head + "@@ -1,3 +1,4 @@\n a\nwrapped\n", line: 7, "starts with none of")
    expectFailure(head + "@@ -1,2 +1,2 @@\n a\n-- \n2.39.5\n", line: 8, "starts with none of")
    expectFailure(head + "@@ -1 +1,2 @@\n a\n-b\n", line: 7, "other lines than its header states")
    expectFailure(head + "@@ -1 +1,2 @@\n a\n+b\n+c\n", line: 8, "belongs to no hunk")
  }

  @Test func refusesDamagedHeaders() {
    expectFailure(head, line: 4, "before its first hunk")
    expectFailure(head + "@@ -1,x +1 @@\n", line: 5, "unreadable hunk header")
    expectFailure(head + "@@ -0,2 +1 @@\n", line: 5, "no file has")
    expectFailure(head + "@@ -5 +5 @@\n-a\n+b\n@@ -5 +5 @@\n-a\n+b\n", line: 8, "before the end of the hunk above")
    expectFailure("@@ -1 +1 @@\n-a\n+b\n", line: 1, "without the '---' and '+++'")
    expectFailure("diff --git a/a.c b/a.c\n", line: 1, "changes nothing")
    expectFailure("diff --git a/a.c b/a.c\n--- a/a.c\n", line: 2, "without a '+++'")
    expectFailure(
      "diff --git a/a.c b/a.c\n--- a/b.c\n+++ b/b.c\n@@ -1 +1 @@\n-a\n+b\n", line: 2, "the header names a.c")
    expectFailure("--- a.c\n+++ a.c\n@@ -1 +1 @@\n-a\n+b\n", line: 1, "lacks the prefix")
  }
}
