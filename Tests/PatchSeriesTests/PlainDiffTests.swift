import PatchSeries
import Testing

/// Diffs without git's header: what their names and times say, as git reads them.
@Suite struct PlainDiffTests {
  private func read(_ old: String, _ new: String, _ hunk: String = "@@ -1 +1 @@\n-a\n+b\n") throws -> FileDiff {
    let diffs = try DiffReader.read(Array("--- \(old)\n+++ \(new)\n\(hunk)".utf8), file: "p")
    return try #require(diffs.first)
  }

  private let addition = "@@ -0,0 +1 @@\n+a\n"
  private let deletion = "@@ -1 +0,0 @@\n-a\n"
  private let now = "\t2026-05-28 22:30:40.123456789 +0200"

  @Test(arguments: [
    "\t1970-01-01 00:00:00.000000000 +0000", "\t1970-01-01 02:00:00 +0200", "\t1969-12-31 19:00:00.0 -0500",
    "\t1970-01-01 05:30:00 +05:30",
  ])
  func theEpochSaysThatThereIsNoFile(time: String) throws {
    let added = try read("a/n.c" + time, "b/n.c" + now, addition)
    #expect(added.status == .added)
    #expect((added.oldPath, added.newPath) == (nil, "n.c"))
    let deleted = try read("a/n.c" + now, "b/n.c" + time, deletion)
    #expect(deleted.status == .deleted)
    #expect((deleted.oldPath, deleted.newPath) == ("n.c", nil))
  }

  @Test(arguments: [
    "", "\t1970-01-01 00:00:01 +0000", "\t1970-01-01 00:00:00.5 +0000", "\t1970-01-01 02:00:00 +0000",
    "\t1970-01-02 00:00:00 +0000", " 1970-01-01 00:00:00 +0000", "\t1970-01-01 00:00:00",
  ])
  func noOtherTimeSaysSo(time: String) throws {
    let diff = try read("a/n.c" + time, "b/n.c" + now, addition)
    #expect(diff.status == .modified)
    // An addition alone may be a new file nevertheless.
    #expect(diff.mayBeNew)
    #expect(try !read("a/n.c" + time, "b/n.c" + now).mayBeNew)
  }

  @Test func timesDoNotBelongToNames() throws {
    for time in [now, " 2026-05-28 22:30:40 +0200", "  2026-05-28", " 26-05-28 22:30:40"] {
      #expect(try read("a/with space.c" + time, "b/with space.c" + time).path == "with space.c")
    }
    #expect(try read("a/x 10-12", "b/x 10-12").path == "x 10-12")
  }

  @Test func namesWithoutAFolderHaveNoPrefix() throws {
    let top = try read("x.c.orig", "x.c")
    #expect(top.path == "x.c")
    #expect(!top.hasPrefix)
    #expect(try read("x.c", "x.c~").path == "x.c")
    #expect(try read("/dev/null", "x.c", addition).path == "x.c")
    #expect(try read("x.c.orig", "b/x.c").path == "x.c")
    #expect(try read("a/dir/x.c", "b/dir/x.c.new").path == "dir/x.c")
    #expect(try read("a/dir/x.c", "b/dir/x.c").hasPrefix)
  }
}
