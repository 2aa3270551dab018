import Diagnostics
import Foundation
import Git
import GitBinary
import Processes
import Testing

@testable import Verification

/// A quilt queue means what patch(1) makes of it, which decides here as well.
@Suite struct QuiltTests {
  private static let names = "--- a/a.c\n+++ b/a.c\n"
  private static let patches = [
    "as stated": names + "@@ -10,3 +10,3 @@\n 10\n-11\n+eleven\n 12\n",
    // Of two places that fit, the nearest; and the second hunk has moved as far as the first.
    "moved": names + "@@ -4,4 +4,5 @@\n 6\n 7\n+new\n 8\n 9\n@@ -18,3 +19,3 @@\n 20\n-same\n+other\n 22\n",
    "as near above as below": names + "@@ -26,3 +26,3 @@\n twin\n-x\n+Y\n twin\n",
    "less context below": names + "@@ -10,4 +10,4 @@\n 10\n 11\n-12\n+x\n 13\n",
    "less context above": names + "@@ -12,3 +12,3 @@\n-12\n+x\n 13\n 14\n",
    "other context": names + "@@ -10,3 +10,3 @@\n 10\n-11\n+eleven\n 13\n",
    "above the hunk before": names + "@@ -12 +12 @@\n-12\n+x\n@@ -14 +14 @@\n-5\n+y\n",
    "name with a space": "--- a/s p.c\n+++ b/s p.c\n@@ -1 +1 @@\n-1\n+2\n",
    "name with a space, as git writes it":
      "diff --git a/s p.c b/s p.c\n--- a/s p.c\t\n+++ b/s p.c\t\n@@ -1 +1 @@\n-1\n+2\n",
    "binary of git": """
    diff --git a/n.bin b/n.bin
    new file mode 100644
    index 0000000000000000000000000000000000000000..e48c3e5e1d7e8c4bd1b1ea2bd3a5bb6ac2a4b1d3
    GIT binary patch
    literal 2
    JcmZQz0ssI2

    literal 0
    HcmV?d00001


    """,
    "rename": "diff --git a/a.c b/d/b.c\nsimilarity index 98%\nrename from a.c\nrename to d/b.c\n"
      + "--- a/a.c\n+++ b/d/b.c\n"
      + "@@ -10,3 +10,3 @@\n 10\n-11\n+eleven\n 12\n",
    "new script": "diff --git a/run b/run\nnew file mode 100755\n--- /dev/null\n+++ b/run\n@@ -0,0 +1 @@\n+#!/bin/sh\n",
    "removed": "--- a/s.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n",
    "removed, but for a line": "--- a/two.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n",
    "names that differ": "--- a/a.c\n+++ b/other.c\n@@ -10,3 +10,3 @@\n 10\n-11\n+eleven\n 12\n",
    "addition of what there is": "--- /dev/null\n+++ b/s.c\n@@ -0,0 +1 @@\n+1\n",
    "missing file": "--- a/gone.c\n+++ b/gone.c\n@@ -1 +1 @@\n-1\n+2\n",
    "CR LF": names + "@@ -10,3 +10,3 @@\r\n 10\r\n-11\r\n+eleven\r\n 12\r\n",
  ]

  @Test(arguments: patches.keys.sorted()) func aPatchMeansWhatPatchMakesOfIt(name: String) async throws {
    let lines = (1...40).map { [21: "same", 25: "twin", 26: "x", 27: "twin", 29: "twin"][$0] ?? "\($0)" }
    let scene = try await Scene([
      "a.c": lines.map { $0 + "\n" }.joined(), "s.c": "1\n", "s p.c": "1\n", "two.c": "1\n2\n",
    ])
    let patch = try #require(Self.patches[name])
    let queue = scene.scratch.path + "/.git/queue"
    try FileManager.default.createDirectory(atPath: queue, withIntermediateDirectories: true)
    try "a.patch\n".write(toFile: queue + "/series", atomically: true, encoding: .utf8)
    try patch.write(toFile: queue + "/a.patch", atomically: true, encoding: .utf8)

    let judge = try await run(
      Command(
        "patch", ["-p1", "--fuzz=0", "--force", "--reject-file=-", "--no-backup-if-mismatch"],
        directory: scene.scratch.path, input: Array(patch.utf8)))
    var expected: ObjectID?
    if judge.succeeded {
      try scene.scratch.commit()
      expected = try Repository(opening: scene.scratch.path).resolve("HEAD").tree
    }
    let source = try await SeriesSource.read(queue, in: scene.repository).source
    let states = try await SeriesStates(
      source, base: try scene.repository.resolve("base").tree, in: scene.repository)
    #expect(states.states.first?.tree == expected?.hex, "\(judge.text)")
    #expect(states.findings.isEmpty == judge.succeeded)
  }

  @Test func namesWhatQuiltCannotMean() async throws {
    for (series, message) in [
      ("a.patch -p0", "patch is applied with '-p0', but only -p1 is supported"),
      ("a.patch -R", "patch is applied with '-R', but only -p1 is supported"),
      ("+x86 a.patch", "'+x86' is a guard, which quilt does not know"),
      ("a.patch\na.patch", "patch 'a.patch' is listed a second time"),
    ] {
      let (scene, queue) = try await queue("as stated")
      try series.write(toFile: queue + "/series", atomically: true, encoding: .utf8)
      let failure = await #expect(throws: Failure.self) { try await SeriesSource.read(queue, in: scene.repository) }
      #expect(failure?.findings.first?.message == message)
    }
  }

  @Test(arguments: [
    names + "5c5\n< 5\n---\n> five\n", names + "5c\nfive\n.\n",
    "Index: linux/a.c\n@@ -10,3 +10,3 @@\n 10\n-11\n+x\n 12\n",
    names + "@@ -10,3 +10,3 @@\n 10\n-11\n+x\n 12\nIndex: a/a.c\n=====\n20c20\n< 20\n---\n> twenty\n",
  ])
  func refusesFormsThatOnlyQuiltApplies(patch: String) async throws {
    let (scene, queue) = try await queue("as stated")
    try patch.write(toFile: queue + "/a.patch", atomically: true, encoding: .utf8)
    let failure = await #expect(throws: Failure.self) { try await SeriesSource.read(queue, in: scene.repository) }
    #expect(failure?.status == .input)
  }

  @Test func warnsOfHunksThatMoved() async throws {
    let (scene, queue) = try await queue("moved")
    let source = try await SeriesSource.read(queue, in: scene.repository).source
    let states = try await SeriesStates(source, base: try scene.repository.resolve("base").tree, in: scene.repository)
    #expect(states.findings == [])
    #expect(states.distances == [1: [2, 2]])
    #expect(
      states.warnings[1]?.first?.message == "hunk @@ -4,4 +4,5 @@ of a.c applies 2 lines further down")
  }

  @Test func namesTheHunkThatDoesNotApply() async throws {
    for (name, line, note) in [
      ("other context", 3, "expected at a.c:12: '13'"), ("less context below", 3, "with fuzz it would"),
    ] {
      let (scene, queue) = try await queue(name)
      let source = try await SeriesSource.read(queue, in: scene.repository).source
      let states = try await SeriesStates(source, base: try scene.repository.resolve("base").tree, in: scene.repository)
      #expect(states.findings.first?.place == Place("a.patch", line: line))
      #expect(states.findings.first?.notes.contains { $0.contains(note) } == true)
    }
  }

  @Test func aSourcePackagesQueueIsFoundFromEachOfItsFolders() async throws {
    let (scene, queue) = try await queue("as stated", in: "package/debian/patches")
    let package = scene.scratch.path + "/.git/package"
    for source in [package, package + "/debian", package + "/debian/", queue, queue + "/series"] {
      let read = try await SeriesSource.read(source, in: scene.repository).source
      #expect(read.count == 1)
      let states = try await SeriesStates(read, base: try scene.repository.resolve("base").tree, in: scene.repository)
      #expect(states.findings == [], "\(source)")
      #expect(SeriesSource.folder(of: source).hasPrefix(queue), "\(source)")
    }
    // Patches beside the queue are what a folder of patches is about.
    let mail = "From: A <a@example.com>\nSubject: [PATCH] b\n\nWhy.\n---\n" + (try #require(Self.patches["moved"]))
    try mail.write(toFile: package + "/b.patch", atomically: true, encoding: .utf8)
    #expect(try await SeriesSource.read(package, in: scene.repository).source.subjects == ["b"])
    // A file of this name may also be an mbox.
    try mail.write(toFile: package + "/series", atomically: true, encoding: .utf8)
    #expect(try await SeriesSource.read(package + "/series", in: scene.repository).source.subjects == ["b"])
  }

  private func queue(_ name: String, in folder: String = "queue") async throws -> (Scene, folder: String) {
    let scene = try await Scene(["a.c": (1...40).map { $0 == 21 ? "same\n" : "\($0)\n" }.joined()])
    let queue = scene.scratch.path + "/.git/" + folder
    try FileManager.default.createDirectory(atPath: queue, withIntermediateDirectories: true)
    try "a.patch\n".write(toFile: queue + "/series", atomically: true, encoding: .utf8)
    try #require(Self.patches[name]).write(toFile: queue + "/a.patch", atomically: true, encoding: .utf8)
    return (scene, queue)
  }
}
