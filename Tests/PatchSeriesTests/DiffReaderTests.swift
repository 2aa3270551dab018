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

  /// As in an encoded mail, whose line ends git keeps.
  @Test func knowsASignatureBehindLinesThatEndInCR() throws {
    #expect(try read("\(head)@@ -1 +1 @@\n-a\r\n+b\r\n-- \r\n2.39.5\r\n").count == 1)
  }

  /// As git, which takes a header's line for one only where it ends.
  @Test func refusesARenameThatIsCutShort() {
    expectFailure(
      "diff --git a/a.c b/b.c\nsimilarity index 99%\nrename from a.c\nrename to b", line: 1, "does not name its file")
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

  /// As git, for which the first line of the diff has the name.
  @Test func takesANameWithoutItsPrefix() throws {
    #expect(try read("diff --git a/a.c b/a.c\n--- a.c\n+++ a.c\n@@ -1 +1 @@\n-a\n+b\n").map(\.path) == ["a.c"])
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
    expectFailure(head + "@@ -1,3 +1,4 @@\n a\nwrapped\n", line: 7, "does not start with")
    expectFailure(head + "@@ -1,2 +1,2 @@\n a\n-- \n2.39.5\n", line: 8, "does not start with")
    expectFailure(head + "@@ -1 +1,2 @@\n a\n-b\n", line: 7, "does not match the counts in its header")
    expectFailure(head + "@@ -1 +1,2 @@\n a\n+b\n+c\n", line: 8, "belongs to no hunk")
  }

  /// What git skips below the last hunk, unless it may be what a hunk lost.
  @Test(arguments: ["---\nSent from a list\n", " \n", "----------\nlist@example.com\n", "-- \n2.39.5\n"])
  func skipsFooters(footer: String) throws {
    let patch = head + "@@ -1 +1,2 @@\n a\n+b\n"
    #expect(try read(patch + footer).count == 1)
    if !footer.hasPrefix("-- ") {
      expectFailure(patch + footer + "@@ -9 +9 @@\n-a\n+b\n", line: 8, "belongs to no hunk")
    }
  }

  @Test(arguments: [
    "old mode 100644\n", "new mode 100755\n", "old mode 100644\nnew mode 100644\n", "index 12345..67890\n",
  ])
  func refusesADiffThatChangesNothing(header: String) {
    expectFailure("diff --git a/a.c b/a.c\n" + header, line: 1, "changes nothing")
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
    expectFailure("--- a.c.orig\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n", line: 1, "lacks the prefix")
    expectFailure(head + "@@ -1,2 +1,2 @@\n a\n b\n", line: 5, "changes nothing")
  }

  /// Names that lead out of the tree or into the repository, here or on another file system; each way to name a file.
  @Test(arguments: [
    "../x", "a/../../x", "/x", "a//x", ".git/config", ".GIT/hooks/x", "a/.git", "git~1/x", ".g\u{200c}it/x", "./x",
    "x/",
  ])
  func refusesPathsThatLeaveTheTree(path: String) {
    let hunk = "@@ -0,0 +1 @@\n+a\n"
    expectFailure("--- /dev/null\n+++ b/\(path)\n\(hunk)", line: 1, "which git refuses to check out")
    expectFailure("--- a/\(path)\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n", line: 1, "which git refuses to check out")
    expectFailure(
      "diff --git a/\(path) b/\(path)\nnew file mode 100644\n--- /dev/null\n+++ b/\(path)\n\(hunk)", line: 1,
      "which git refuses to check out")
    for verb in ["rename", "copy"] {
      expectFailure(
        "Text.\ndiff --git a/a b/b\n\(verb) from a.c\n\(verb) to \(path)\n", line: 2, "which git refuses to check out"
      )
    }
  }

  @Test func refusesNamesThatAreNoText() {
    for name in ["a\\000b", "a\\nb", "a\\033[2Jb"] {
      expectFailure(
        "diff --git \"a/\(name)\" \"b/\(name)\"\nold mode 100644\nnew mode 100755\n", line: 1, "control characters")
    }
    expectFailure("diff --git \"a/\\377\" \"b/\\377\"\nold mode 100644\nnew mode 100755\n", line: 1, "not UTF-8")
  }

  @Test(arguments: ["160000", "040000", "0", "100644x", "999999", "77777777777777777777", "-100644", "120777"])
  func refusesOddModes(mode: String) {
    let message = mode == "160000" ? "patch changes a submodule" : "unknown file mode '\(mode)'"
    for key in ["new file mode", "deleted file mode", "old mode", "new mode"] {
      expectFailure("diff --git a/a b/a\n\(key) \(mode)\n", line: 2, message)
    }
    expectFailure("diff --git a/a b/a\nindex 00001111..22223333 \(mode)\n", line: 2, message)
  }

  @Test(arguments: ["-1,99999999999 +1", "-1 +1,4294967297", "-99999999999999999999,1 +1", "-1 +18446744073709551616"])
  func refusesCountsThatNoFileHas(range: String) {
    expectFailure(head + "@@ \(range) @@\n-a\n+b\n", line: 5, "unreadable hunk header")
  }

  @Test func countsThatAreNotThereTakeNoMemory() {
    expectFailure(head + "@@ -1,999999999 +1,999999999 @@\n a\n", line: 5, "truncated")
  }

  @Test func readsOnBehindASignature() throws {
    let diff = "--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+b\n"
    #expect(try read(diff + "-- \n2.39.5\n\n" + diff).count == 2)
  }

  @Test func refusesHeadersThatContradictThemselves() throws {
    let line = "diff --git a/a.c b/b.c\n"
    expectFailure(line + "rename from a.c\ncopy to b.c\n", line: 3, "the file was renamed")
    expectFailure(line + "new file mode 100644\nrename from a.c\n", line: 3, "the file was added")
    expectFailure(line + "rename from a.c\n", line: 1, "does not name its file")
    expectFailure(line + "copy to b.c\n", line: 1, "does not name its file")
    expectFailure(line + "+++ b/b.c\n--- a/a.c\n", line: 2, "'+++' line without a '---' line before it")
    expectFailure(line + "rename from a.c\nrename to b", line: 1, "does not name its file")
    let half = line + "rename from a.c\n--- a/a.c\n+++ b/b.c\n@@ -1 +1 @@\n-a\n+b\n"
    #expect(try read(half).map(\.status) == [.renamed])
  }

  @Test func refusesWhatOnlyLooksLikeTheEndOfAFile() {
    expectFailure(head + "@@ -1 +1 @@\n-a\n+b\n\\ No newl\n", line: 8, "is not '\\ No newline at end of file'")
    expectFailure(head + "@@ -1 +1 @@\n-a\n\\\n+b\n", line: 7, "is not '\\ No newline at end of file'")
  }
}
