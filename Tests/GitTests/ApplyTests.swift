import Diagnostics
import Git
import GitBinary
import PatchSeries
import Testing

@Suite struct ApplyTests {
  /// A tree with one file of numbered lines.
  private let scratch: ScratchRepository
  private let repository: Repository
  private let tree: ObjectID

  init() throws {
    scratch = try ScratchRepository()
    try scratch.write((1...20).map { "line \($0)\n" }.joined(), to: "drivers/iommu/a.c")
    try scratch.write("one\ntwo\nthree\n", to: "short.c")
    try scratch.commit()
    repository = try Repository(opening: scratch.path)
    tree = try repository.resolve("HEAD").tree
  }

  private func failure(_ patch: String) -> Failure? {
    #expect(throws: Failure.self) { try repository.apply(Array(patch.utf8), to: tree, name: "0001-a.patch") }
  }

  private let header = "Subject: [PATCH] a\n\nBody.\n---\ndiff --git a/drivers/iommu/a.c b/drivers/iommu/a.c\n"
  private let names = "--- a/drivers/iommu/a.c\n+++ b/drivers/iommu/a.c\n"

  @Test func appliesAtTheStatedLine() throws {
    let patch = header + names + "@@ -10,2 +10,3 @@\n line 10\n+new\n line 11\n"
    let result = try repository.apply(Array(patch.utf8), to: tree, name: "p")
    let text = String(
      decoding: try #require(try repository.contents(of: "drivers/iommu/a.c", in: result)), as: UTF8.self)
    #expect(text.contains("line 10\nnew\nline 11\n"))
    #expect(text.hasSuffix("line 20\n"))
  }

  @Test func refusesAnOffset() {
    // git and libgit2 would both find these lines two lines further down.
    let failure = failure(header + names + "@@ -8,2 +8,3 @@ heading\n line 10\n+new\n line 11\n")
    #expect(failure?.status == .falls)
    #expect(
      failure?.findings == [
        Finding(
          at: Place("0001-a.patch", line: 8), "hunk @@ -8,2 +8,3 @@ of drivers/iommu/a.c does not apply",
          notes: [
            "expected at drivers/iommu/a.c:8: 'line 10'", "found: 'line 8'",
            "its lines are at line 10, 2 lines further down: the patch was made on another base",
          ])
      ])
  }

  private func applyAsGit(_ patch: String) throws -> Applied {
    try repository.applying(Array(patch.utf8), to: tree, name: "p", placement: .asGit)
  }

  /// The tree that `git apply` makes of a patch; nil if it refuses it.
  private func gitsTree(_ patch: String) throws -> String? {
    try scratch.git("read-tree", "HEAD")
    guard (try? scratch.git(["apply", "--cached", "-"], input: Array(patch.utf8))) != nil else { return nil }
    return try scratch.text("write-tree")
  }

  /// Each is what git finds by a rule of its own: the nearest place, the lower of two, no line twice, and the ends of the
  /// file for hunks without context there.
  @Test(arguments: [
    "@@ -8,2 +8,3 @@\n line 10\n+new\n line 11\n", "@@ -30,2 +30,3 @@\n line 10\n+new\n line 11\n",
    "@@ -10,2 +10,3 @@\n same\n-line 16\n+new\n line 17\n", "@@ -3,3 +3,3 @@\n same\n-line 6\n+new\n line 7\n",
    "@@ -12,2 +12,3 @@\n line 19\n line 20\n+end\n", "@@ -12,2 +12,3 @@\n line 10\n line 11\n+end\n",
    "@@ -1,2 +1,3 @@\n+new\n line 10\n line 11\n", "@@ -2,1 +2,2 @@\n+new\n line 10\n",
    "@@ -2,2 +2,2 @@\n-line 10\n+new\n line 11\n@@ -4,2 +4,2 @@\n-line 6\n+old\n line 7\n",
    "@@ -2,2 +2,4 @@\n line 3\n+1\n+2\n line 4\n@@ -10,2 +10,3 @@\n line 10\n+3\n line 11\n",
    "@@ -3,2 +3,1 @@\n same\n-line  6\n", "@@ -9,0 +10 @@\n+new\n", "@@ -20,0 +21 @@\n+new\n",
    "@@ -0,0 +1,2 @@\n+new\n+new\n",
  ])
  func placesHunksAsGit(hunks: String) throws {
    try scratch.write(
      (1...20).map { [5, 15].contains($0) ? "same\n" : "line \($0)\n" }.joined(), to: "drivers/iommu/a.c")
    try scratch.commit()
    let tree = try repository.resolve("HEAD").tree
    let patch = header + names + hunks
    let expected = try gitsTree(patch)
    let found = try? repository.applying(Array(patch.utf8), to: tree, name: "p", placement: .asGit)
    #expect(found?.tree.hex == expected)
  }

  @Test func warnsOfAnOffset() throws {
    let applied = try applyAsGit(
      header + names + "@@ -8,2 +8,3 @@\n line 10\n+new\n line 11\n@@ -11,2 +12,3 @@\n line 13\n+new\n line 14\n")
    #expect(
      applied.warnings.map(\.message) == [
        "hunk @@ -8,2 +8,3 @@ of drivers/iommu/a.c applies 2 lines further down; 1 more of the file's hunks moved"
      ])
    #expect(applied.warnings.first?.notes == ["the patch was made on another base"])
    #expect(applied.distances == [2, 2])
    let exact = try applyAsGit(header + names + "@@ -10,2 +10,3 @@\n line 10\n+new\n line 11\n")
    #expect(exact.warnings.isEmpty && exact.distances.isEmpty)
  }

  /// diff -N marks a file that is not there by its time, and an addition alone may be either.
  @Test(arguments: [
    ("e.txt\t1970-01-01 00:00:00 +0000", "e.txt\t2026-05-28 10:00:00 +0000", "@@ -0,0 +1 @@\n+n\n"),
    ("n.txt\t1970-01-01 00:00:00 +0000", "n.txt\t2026-05-28 10:00:00 +0000", "@@ -0,0 +1 @@\n+n\n"),
    ("n.txt", "n.txt", "@@ -0,0 +1 @@\n+n\n"), ("e.txt", "e.txt", "@@ -0,0 +1 @@\n+n\n"),
    ("short.c", "short.c", "@@ -0,0 +1 @@\n+n\n"), ("n.txt", "n.txt", "@@ -1 +1 @@\n-m\n+n\n"),
    (
      "short.c\t2026-05-28 10:00:00 +0000", "short.c\t1970-01-01 00:00:00 +0000",
      "@@ -1,3 +0,0 @@\n-one\n-two\n-three\n"
    ),
    ("short.c", "short.c", "@@ -1,3 +0,0 @@\n-one\n-two\n-three\n"),
    ("short.c\t2026-05-28 10:00:00 +0000", "short.c\t1970-01-01 00:00:00 +0000", "@@ -1,3 +1 @@\n-one\n-two\n three\n"),
  ])
  func knowsNewAndDeletedFilesAsGit(old: String, new: String, hunk: String) throws {
    try scratch.write("", to: "e.txt")
    try scratch.commit()
    let tree = try repository.resolve("HEAD").tree
    for (prefix, other) in [("a/", "b/"), ("", "")] {
      let patch = "--- \(prefix)\(old)\n+++ \(other)\(new)\n\(hunk)"
      let expected = try gitsTree(patch)
      let found = try? repository.applying(Array(patch.utf8), to: tree, name: "p", placement: .asGit)
      #expect(found?.tree.hex == expected)
      let isNamed = found?.warnings.contains { $0.message.contains("-p0") } ?? prefix.isEmpty
      #expect(isNamed == prefix.isEmpty)
    }
  }

  /// Parts of a patch that concern one name, as git applies them: all removals before all additions.
  @Test(arguments: [
    ["short.c>b.c", "b.c>short.c"], ["short.c>b.c", "b.c>c.c", "c.c>short.c"], ["short.c>b.c", "-b.c"],
    ["-b.c", "short.c>b.c"], ["short.c>b.c", "short.c>d.c"], ["short.c>d.c", "+short.c"], ["+short.c", "short.c>d.c"],
    ["-short.c", "+short.c"], ["+short.c", "-short.c"], ["short.c>b.c"], ["+short.c"], ["-short.c", "-short.c"],
    ["short.c>short.c"], ["c.c>short.c", "short.c>short.c", "short.c>c.c"], ["~short.c", "-short.c"],
    ["short.c>d.c", "~short.c"], ["~short.c", "short.c>d.c"], ["+d.c", "-d.c"],
  ])
  func renamesCrossAsInGit(parts: [String]) throws {
    for name in ["b.c", "c.c"] { try scratch.write("one\ntwo\n\(name)\n", to: name) }
    try scratch.commit()
    let tree = try repository.resolve("HEAD").tree
    let patch = try parts.map { part in
      let names = part.drop { "+-~".contains($0) }.split(separator: ">").map(String.init)
      let (old, new) = (names[0], names.last ?? "")
      let head = "diff --git a/\(old) b/\(new)\n"
      let lines = String(decoding: try repository.contents(of: old, in: tree) ?? [], as: UTF8.self).split(
        separator: "\n")
      switch part.first {
      case "+": return "\(head)new file mode 100644\n--- /dev/null\n+++ b/\(new)\n@@ -0,0 +1 @@\n+new\n"
      case "-":
        return "\(head)deleted file mode 100644\n--- a/\(old)\n+++ /dev/null\n@@ -1,\(lines.count) +0,0 @@\n"
          + lines.map { "-\($0)\n" }.joined()
      case "~": return "\(head)--- a/\(old)\n+++ b/\(old)\n@@ -1,2 +1,2 @@\n-one\n+1\n two\n"
      default: return "\(head)similarity index 100%\nrename from \(old)\nrename to \(new)\n"
      }
    }.joined()
    let expected = try gitsTree(patch)
    let found = try? repository.applying(Array(patch.utf8), to: tree, name: "p", placement: .asGit)
    #expect(found?.tree.hex == expected)
  }

  @Test func refusesOtherWhiteSpaceAndReportsEveryHunk() {
    let failure = failure(
      header + names + "@@ -2,2 +2,3 @@\n line 2\n+new\n line  3\n@@ -19,2 +20,3 @@\n line 19\n+new\n line 20 \n")
    #expect(failure?.findings.map(\.place?.line) == [8, 12])
    #expect(failure?.findings.first?.notes == ["expected at drivers/iommu/a.c:3: 'line  3'", "found: 'line 3'"])
  }

  @Test func refusesHunksBeyondTheEnd() {
    let failure = failure(header + names + "@@ -20,2 +20,3 @@\n line 20\n+new\n line 21\n")
    #expect(failure?.findings.first?.notes.last == "found: the end of the file")
    let insertion = self.failure(header + names + "@@ -30,0 +31 @@\n+new\n")
    #expect(insertion?.findings.first?.notes.first == "the hunk starts after line 30, but the file ends at line 20")
  }

  @Test func saysThatAPatchIsAppliedAlready() {
    let failure = failure(header + names + "@@ -3 +3 @@\n-line 2\n+line 3\n")
    #expect(failure?.findings.first?.notes.contains { $0.contains("further up") } == true)
    let applied = self.failure(header + names + "@@ -3 +3 @@\n-old\n+line 3\n")
    #expect(applied?.findings.first?.notes.last == "its new lines are already there: the patch seems to be applied")
  }

  @Test func refusesAMissingNewlineThatIsThere() {
    let text = "@@ -20 +20 @@\n-line 20\n\\ No newline at end of file\n+end\n"
    #expect(failure(header + names + text)?.status == .falls)
    let inMiddle = "@@ -3 +3 @@\n-line 3\n+end\n\\ No newline at end of file\n"
    #expect(failure(header + names + inMiddle)?.findings.first?.notes.first?.contains("more lines") == true)
  }

  /// Written by `git diff -U0`: `git am` expects the change at the end of the file.
  @Test func refusesAHunkWithoutContextBelowIt() throws {
    let failure = failure(header + names + "@@ -9,2 +9,2 @@\n line 9\n-line 10\n+new\n")
    #expect(
      failure?.findings.first?.notes == [
        "it has no context below its change, so git expects the end of the file, but there are more lines"
      ])
    let atEnd = Array((header + names + "@@ -19,2 +19,2 @@\n line 19\n-line 20\n+new\n").utf8)
    #expect(throws: Never.self) { try repository.apply(atEnd, to: tree, name: "p") }
  }

  /// The mode in an `index` line is that of the old file.
  @Test func keepsTheModeTheTreeHas() throws {
    try scratch.git("update-index", "--chmod=+x", "short.c")
    try scratch.git("commit", "--quiet", "--message=x")
    let repository = try Repository(opening: scratch.path)
    let patch =
      "diff --git a/short.c b/short.c\nindex 1111..2222 100644\n--- a/short.c\n+++ b/short.c\n@@ -2,2 +2,2 @@\n-two\n+2\n three\n"
    let tree = try repository.apply(Array(patch.utf8), to: try repository.resolve("HEAD").tree, name: "p")
    #expect(try repository.entry(at: "short.c", in: tree)?.mode == .executable)
  }

  @Test func addsNothingBelowALineWithoutANewline() throws {
    let open = try repository.writeTree(changing: ["short.c": Array("one".utf8)], over: tree)
    let patch = Array("--- a/short.c\n+++ b/short.c\n@@ -1,0 +2 @@\n+two\n".utf8)
    #expect(throws: Failure.self) { try repository.apply(patch, to: open, name: "p") }
  }

  @Test func namesFilesThatAreMissingOrThere() {
    let missing = failure("--- a/drivers/moved/short.c\n+++ b/drivers/moved/short.c\n@@ -1 +1 @@\n-a\n+b\n")
    #expect(missing?.findings.first?.message == "patch changes drivers/moved/short.c, which does not exist")
    let moved = failure("--- a/drivers/amd/a.c\n+++ b/drivers/amd/a.c\n@@ -1 +1 @@\n-a\n+b\n")
    #expect(moved?.findings.first?.notes == ["there is drivers/iommu/a.c"])
    let there = failure("--- /dev/null\n+++ b/short.c\n@@ -0,0 +1 @@\n+a\n")
    #expect(there?.findings.first?.message == "patch adds short.c, which already exists")
    let longer = failure("--- a/short.c\n+++ /dev/null\n@@ -1,3 +1 @@\n-one\n-two\n three\n")
    #expect(longer?.findings.first?.message == "patch deletes short.c, but leaves lines of it")
  }

  @Test func refusesAPatchWithoutADiff() {
    let failure = failure("Subject: [PATCH] a\n\nBody.\n")
    #expect(failure?.status == .input)
    #expect(failure?.findings.first?.message == "patch holds no diff")
  }

  @Test func warnsWhereTheIndexLineSaysAnotherBlob() throws {
    try scratch.write("one\n2\nthree\n", to: "short.c")
    try scratch.commit()
    let patch = String(decoding: try scratch.git("diff", "HEAD~", "HEAD"), as: UTF8.self)
    #expect(try repository.applying(Array(patch.utf8), to: tree, name: "p").warnings.isEmpty)
    let edited = Array(patch.replacing("+2", with: "+ 2").utf8)
    let warnings = try repository.applying(edited, to: tree, name: "p").warnings
    #expect(warnings.map(\.severity) == [.warning])
    #expect(warnings.first?.place == Place("p", line: 1))
  }

  @Test func changesFilesTwiceAndSwapsNames() throws {
    let twice =
      "--- a/short.c\n+++ b/short.c\n@@ -1,2 +1,2 @@\n-one\n+1\n two\n--- a/short.c\n+++ b/short.c\n@@ -1,2 +1,2 @@\n-1\n+I\n two\n"
    let result = try repository.apply(Array(twice.utf8), to: tree, name: "p")
    #expect(try repository.contents(of: "short.c", in: result) == Array("I\ntwo\nthree\n".utf8))
    let rename = """
      diff --git a/short.c b/long.c
      old mode 100644
      new mode 100755
      similarity index 100%
      rename from short.c
      rename to long.c
      diff --git a/drivers/iommu/a.c b/short.c
      similarity index 100%
      rename from drivers/iommu/a.c
      rename to short.c

      """
    let renamed = try repository.apply(Array(rename.utf8), to: tree, name: "p")
    #expect(try repository.entries(of: renamed).map(\.name) == ["long.c", "short.c"])
    #expect(try repository.entry(at: "long.c", in: renamed)?.mode == .executable)
  }

  /// A mailer or an editor removed the rename lines: git goes by the names.
  @Test func renamesWithoutAWordOfIt() throws {
    let patch = "diff --git a/short.c b/long.c\n--- a/short.c\n+++ b/long.c\n@@ -1,2 +1,2 @@\n-one\n+1\n two\n"
    let result = try repository.apply(Array(patch.utf8), to: tree, name: "p")
    #expect(try repository.entries(of: result).map(\.name) == ["drivers", "long.c"])
  }

  @Test func asksNothingOfTheNewModeOfADeletedFile() throws {
    let patch =
      "diff --git a/short.c b/short.c\nnew mode 120000\ndeleted file mode 100644\n--- a/short.c\n+++ /dev/null\n"
      + "@@ -1,3 +0,0 @@\n-one\n-two\n-three\n"
    let result = try repository.apply(Array(patch.utf8), to: tree, name: "p")
    #expect(try repository.entries(of: result).map(\.name) == ["drivers"])
  }

  private func addition(_ path: String, mode: String = "100644") -> String {
    "diff --git a/\(path) b/\(path)\nnew file mode \(mode)\n--- /dev/null\n+++ b/\(path)\n@@ -0,0 +1 @@\n+a\n"
  }

  /// git refuses this as "affected file is beyond a symbolic link".
  @Test func writesThroughNoLink() throws {
    let link = addition("link", mode: "120000")
    let message = "patch adds link/a.c, but link is a link"
    #expect(failure(link + addition("link/a.c"))?.findings.map(\.message) == [message])
    #expect(failure(addition("link/a.c") + link)?.findings.map(\.message) == [message])
    let linked = try repository.apply(Array(link.utf8), to: tree, name: "p")
    let later = #expect(throws: Failure.self) {
      try repository.apply(Array(addition("link/a.c").utf8), to: linked, name: "p")
    }
    #expect(later?.findings == [Finding(at: Place("p", line: 1), message)])
    let replaced = "diff --git a/link b/link\ndeleted file mode 120000\n--- a/link\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"
    let folder = try repository.apply(Array((addition("link/a.c") + replaced).utf8), to: linked, name: "p")
    #expect(try repository.contents(of: "link/a.c", in: folder) == Array("a\n".utf8))
  }

  @Test func takesNoFileForAFolder() throws {
    #expect(
      failure(addition("short.c/a.c"))?.findings.map(\.message) == ["patch adds short.c/a.c, but short.c is a file"])
    #expect(
      failure(addition("drivers"))?.findings.map(\.message) == [
        "patch adds drivers, which is a folder with iommu/a.c in it"
      ])
    let moved =
      "diff --git a/drivers/iommu/a.c b/b.c\nsimilarity index 100%\nrename from drivers/iommu/a.c\nrename to b.c\n"
    let result = try repository.apply(Array((moved + addition("drivers")).utf8), to: tree, name: "p")
    #expect(try repository.entries(of: result).map(\.name) == ["b.c", "drivers", "short.c"])
  }

  @Test func makesNoLinkOfAFile() {
    let failure = failure("diff --git a/short.c b/short.c\nold mode 100644\nnew mode 120000\n")
    #expect(failure?.findings.first?.message == "short.c has mode 100644, but the patch states 120000")
  }

  @Test func refusesPathsOutsideTheTree() {
    let failure = failure("--- /dev/null\n+++ b/../../etc/passwd\n@@ -0,0 +1 @@\n+a\n")
    #expect(failure?.status == .input)
  }
}
