import Diagnostics
import Foundation
import Git
import GitBinary
import PatchSeries
import Testing

@testable import Verification

@Suite struct SeriesSourceTests {
  private func scene() async throws -> (Scene, folder: String) {
    let scene = try await Scene(["a.c": "one\ntwo\nthree\n", "b.c": "1\n"])
    _ = try await scene.states([["a.c": "one\n2\nthree\n"], ["b.c": "2\n"], ["a.c": "one\n2\n3\n", "b.c": nil]])
    let folder = scene.scratch.path + "/.git/patches"
    try scene.scratch.git("format-patch", "--quiet", "--cover-letter", "-o", folder, "base")
    return (scene, folder)
  }

  private func verifier(_ scene: Scene) -> Verifier {
    Verifier(repository: scene.repository, cache: scene.cache, lanes: [], depth: .apply, jobs: 1)
  }

  /// Git applies a change of a mode without a word.
  @Test func scriptsStayExecutableAndOtherFilesBecomeNot() async throws {
    let scene = try await Scene(["scripts/run": "#!/bin/sh\n", "a.c": "int a;\n"])
    let steps: [(file: String, mode: Int)] = [
      ("scripts/run", 0o755), ("a.c", 0o755), ("a.c", 0o644), ("scripts/run", 0o644),
    ]
    for (file, mode) in steps {
      let path = scene.scratch.path + "/" + file
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
      try scene.scratch.commit()
    }
    let repository = try Repository(opening: scene.scratch.path)
    let states = try await SeriesStates(
      try SeriesSource.range("base..HEAD", in: repository).source, base: try repository.resolve("base").tree,
      in: repository)
    #expect(states.modes[1] == ["scripts/run": nil])
    #expect(states.modes[2]?["a.c"]??.message == "becomes executable (mode 100755) but is not a script")
    #expect(states.modes[3] == ["a.c": nil])
    #expect(states.modes[4]?["scripts/run"]??.message == "is a script but is no longer executable (mode 100644)")
  }

  @Test func folderMboxAndRangeAreTheSameSeries() async throws {
    let (scene, folder) = try await scene()
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    let mbox = scene.scratch.path + "/.git/mbox"
    var bytes = Data()
    for file in files { bytes += try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)")) + Data("\n".utf8) }
    try bytes.write(to: URL(fileURLWithPath: mbox))
    let range = try await verifier(scene).verify("base..HEAD")
    #expect(range.commits.count == 3)
    #expect(range.verdict == .stands)
    for source in [folder, mbox] {
      let report = try await verifier(scene).verify(source, base: "base")
      #expect(report.commits.map(\.tree) == range.commits.map(\.tree))
      #expect(report.commits.map(\.subject) == range.commits.map(\.subject))
      #expect(report.base == range.base)
    }
    #expect(range.coverage.changedFiles == 2)
  }

  private func patches(_ path: String, _ scene: Scene) async throws -> [SeriesSource.SourcePatch] {
    guard case .patches(let patches) = try await SeriesSource.read(path, in: scene.repository).source else { return [] }
    return patches
  }

  @Test func aFolderMayHoldMailsAndMboxes() async throws {
    let (scene, folder) = try await scene()
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    for (file, ending) in zip(files.dropFirst(), ["mbox", "eml", "mbx"]) {
      try FileManager.default.moveItem(atPath: "\(folder)/\(file)", toPath: "\(folder)/\(file).\(ending)")
    }
    let first = try String(contentsOfFile: "\(folder)/\(files[1]).mbox", encoding: .utf8)
    let reply = first.replacingOccurrences(of: "Subject: ", with: "Subject: Re: ")
    try reply.write(toFile: "\(folder)/reply.eml", atomically: true, encoding: .utf8)
    let read = try await patches(folder + "/", scene)
    #expect(
      read.map(\.patch.fileName) == zip(files.dropFirst(), ["mbox", "eml", "mbx"]).map { "\($0).\($1)" })
    #expect(read[0].warnings.map { $0.place?.file } == ["reply.eml"])
  }

  private func gzip(_ path: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", path]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  /// As lists' archives give them, mail programs keep them, and people save them.
  @Test func aSeriesMayBeGzippedOrInAMaildirOrPlain() async throws {
    let (scene, folder) = try await scene()
    let expected = try await patches(folder, scene).map(\.patch.message)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    let other = scene.scratch.path + "/.git/other"
    for part in ["cur", "new", "tmp"] {
      try FileManager.default.createDirectory(atPath: "\(other)/\(part)", withIntermediateDirectories: true)
    }
    for (index, file) in files.enumerated() {
      let part = index % 2 == 0 ? "cur" : "new"
      try FileManager.default.copyItem(
        atPath: "\(folder)/\(file)", toPath: "\(other)/\(part)/1780000000.M\(9 + index).host:2,S")
    }
    #expect(try await patches(other, scene).map(\.patch.message) == expected)
    for file in files { try gzip("\(folder)/\(file)") }
    #expect(try await patches(folder, scene).map(\.patch.message) == expected)
    let mbox = scene.scratch.path + "/.git/t.mbox.gz"
    // gzip's data may have several members.
    var bytes = Data()
    for file in files { bytes += try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file).gz")) }
    try bytes.write(to: URL(fileURLWithPath: mbox))
    #expect(try await patches(mbox, scene).map(\.patch.message) == expected)
    // Tapes and block devices are filled up with zeros.
    try (bytes + Data(count: 100)).write(to: URL(fileURLWithPath: mbox))
    #expect(try await patches(mbox, scene).map(\.patch.message) == expected)
    for damaged in [bytes.dropLast(20), bytes + Data("more".utf8)] {
      try damaged.write(to: URL(fileURLWithPath: mbox))
      let failure = await #expect(throws: Failure.self) { try await patches(mbox, scene) }
      #expect(failure?.findings.map(\.message) == ["gzip's data is damaged"])
    }
    try FileManager.default.removeItem(atPath: other)
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    let diff = "--- a/b.c\n+++ b/b.c\n@@ -1 +1 @@\n-1\n+2\n"
    for (name, text) in [("README.txt", "Apply all.\n"), ("a.diff", diff), ("b.txt", diff), ("c.orig", diff)] {
      try text.write(toFile: "\(other)/\(name)", atomically: true, encoding: .utf8)
    }
    #expect(try await patches(other, scene).map(\.patch.subject) == ["a", "b"])
  }

  @Test func aQueuesFileMayHoldMails() async throws {
    let (scene, folder) = try await scene()
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    let queue = scene.scratch.path + "/.git/queue"
    try FileManager.default.createDirectory(atPath: queue, withIntermediateDirectories: true)
    let mails = try files.dropLast().map { try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }
    try mails.joined(separator: "\n").write(toFile: queue + "/all.patch", atomically: true, encoding: .utf8)
    let diff = "--- a/a.c\n+++ b/a.c\n@@ -1,3 +1,3 @@\n one\n 2\n-three\n+3\n"
    try diff.write(toFile: queue + "/plain.diff", atomically: true, encoding: .utf8)
    try "all.patch\nplain.diff\n".write(toFile: queue + "/series", atomically: true, encoding: .utf8)
    let read = try await patches(queue, scene)
    // The cover letter is no patch.
    #expect(read.map(\.patch.fileName) == ["all.patch", "all.patch", "plain.diff"])
    #expect(read.map(\.patch.number) == [1, 2, 3])
    let report = try await verifier(scene).verify(queue, base: "base")
    #expect(report.verdict == .stands)
  }

  /// patch(1), which quilt calls, applies these too, and git does not.
  @Test(arguments: [
    "Say:\n\n  --- a/b.c\n  +++ b/b.c\n  @@ -1 +1 @@\n  -1\n  +2\n\n",
    "*** a/b.c\n--- b/b.c\n***************\n*** 1 ****\n! 1\n--- 1 ----\n! 2\n",
  ])
  func aQueueIsRefusedWhereOnlyPatchWouldApplyIt(text: String) async throws {
    let (scene, _) = try await scene()
    let queue = scene.scratch.path + "/.git/queue"
    try FileManager.default.createDirectory(atPath: queue, withIntermediateDirectories: true)
    let diff = "--- a/a.c\n+++ b/a.c\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n"
    try (text + diff).write(toFile: queue + "/a.patch", atomically: true, encoding: .utf8)
    try "a.patch\n".write(toFile: queue + "/series", atomically: true, encoding: .utf8)
    let failure = await #expect(throws: Failure.self) { try await patches(queue, scene) }
    #expect(failure?.status == .input)
    #expect(failure?.findings.first?.message.hasSuffix("diff, which quilt applies and Seriesmith does not") == true)
    #expect(failure?.findings.first?.place?.line == (text.hasPrefix("Say") ? 3 : 1))
  }

  private func moved(_ scene: Scene) async throws -> String {
    let lines = (1...20).map { "line \($0)\n" }.joined()
    for name in ["a.c", "b.c"] { try scene.scratch.write(lines, to: name) }
    try scene.scratch.commit()
    for name in ["a.c", "b.c"] {
      try scene.scratch.write(lines.replacing("line 10\n", with: "ten\n"), to: name)
      try scene.scratch.commit("change \(name)")
    }
    let folder = scene.scratch.path + "/.git/moved"
    try scene.scratch.git("format-patch", "--quiet", "-o", folder, "HEAD~2")
    try scene.scratch.git("checkout", "--quiet", "--detach", "HEAD~2")
    for name in ["a.c", "b.c"] { try scene.scratch.write("new\nnew\n" + lines, to: name) }
    try scene.scratch.commit()
    try scene.scratch.git("tag", "moved")
    return folder
  }

  @Test func anOffsetIsAWarningUnlessExact() async throws {
    let (scene, _) = try await scene()
    let folder = try await moved(scene)
    let repository = try Repository(opening: scene.scratch.path)
    let verifier = Verifier(repository: repository, cache: scene.cache, lanes: [], depth: .apply, jobs: 1)
    let report = try await verifier.verify(folder, base: "moved")
    #expect(report.verdict == .stands)
    let warnings = report.commits.map { $0.checks[0].findings.map(\.message) }
    #expect(
      warnings[0] == [
        "2 hunks in 2 of 2 patches apply up to 2 lines from where they say",
        "hunk @@ -7,7 +7,7 @@ of a.c applies 2 lines further down",
      ])
    #expect(warnings[1] == ["hunk @@ -7,7 +7,7 @@ of b.c applies 2 lines further down"])
    let source = try await SeriesSource.read(folder, in: repository).source
    let mail = String(
      decoding: try source.mail(
        1, from: report.base.tree, to: try #require(report.commits[0].tree), in: repository), as: UTF8.self)
    #expect(mail.contains("@@ -9,7 +9,7 @@"))
    let exact = Verifier(
      repository: repository, cache: scene.cache, lanes: [], depth: .apply, exact: true, jobs: 1)
    #expect(try await exact.verify(folder, base: "moved").firstBad?.index == 1)
  }

  /// `mail` takes no verdict on patches that do not apply exactly.
  @Test func aVerdictOnMovedHunksIsNotKept() async throws {
    let (scene, _) = try await scene()
    let folder = try await moved(scene)
    let repository = try Repository(opening: scene.scratch.path)
    for (base, isKept) in [("moved", false), ("moved~", true)] {
      let source = try await SeriesSource.read(folder, in: repository).source
      let states = try await SeriesStates(source, base: try repository.resolve(base).tree, in: repository)
      let run = VerificationRun(source: source, states: states, base: .init(rev: base, tree: ""))
      #expect(run.isExact == isKept)
    }
  }

  /// What `git am` would do otherwise here than elsewhere.
  @Test func namesTheSettingsOfGitAm() async throws {
    let (scene, folder) = try await scene()
    try scene.scratch.git("config", "apply.whitespace", "fix")
    try scene.scratch.git("config", "am.keepcr", "true")
    try scene.scratch.git("config", "mailinfo.scissors", "false")
    let repository = try Repository(opening: scene.scratch.path)
    let states = try await SeriesStates(
      try await SeriesSource.read(folder, in: repository).source, base: try repository.resolve("base").tree,
      in: repository)
    #expect(
      states.warnings[1]?.map(\.message)
        == ["git am follows apply.whitespace = fix, am.keepcr = true here, and may commit something else"])
  }

  @Test func aRunThatKeepsGoingShowsAllThatIsWrong() async throws {
    let scene = try await Scene(["a.c": "1\n2\n3\n", "b.c": "1\n", "c.c": "1\n"])
    _ = try await scene.states([
      ["a.c": "1\n2\n4\n"], ["b.c": "2\n"], ["a.c": "1\n2\n5\n"], ["c.c": "2\n"], ["b.c": "3\n"],
    ])
    let folder = scene.scratch.path + "/.git/patches"
    try scene.scratch.git("format-patch", "--quiet", "-o", folder, "base")
    try scene.scratch.git("checkout", "--quiet", "--detach", "base")
    try scene.scratch.write("1\n2\nthree\n", to: "a.c")
    try scene.scratch.write("one\n", to: "c.c")
    try scene.scratch.commit()
    let repository = try Repository(opening: scene.scratch.path)
    let verifier = Verifier(
      repository: repository, cache: scene.cache, lanes: [], depth: .apply, keepsGoing: true, jobs: 1)
    let report = try await verifier.verify(folder)
    #expect(report.commits.map(\.verdict) == [.falls, .stands, .falls, .falls, .stands])
    #expect(report.firstBad?.index == 1)
    #expect(
      report.commits[2].checks[0].findings[0].notes.last == "it may need patch 1, which was skipped: both change a.c")
    #expect(report.commits[3].checks[0].findings[0].notes.contains { $0.contains("skipped") } == false)
    #expect(report.commits[4].tree != nil)
    let stopped = Verifier(repository: repository, cache: scene.cache, lanes: [], depth: .apply, jobs: 1)
    #expect(
      try await stopped.verify(folder).commits.map(\.verdict) == [.falls] + Array(repeating: .incomplete, count: 4))
  }

  @Test func aQuiltFolderHasItsOwnOrder() async throws {
    let (scene, _) = try await scene()
    let folder = scene.scratch.path + "/.git/quilt/"
    try FileManager.default.createDirectory(atPath: folder + "sub", withIntermediateDirectories: true)
    let diff = "--- a/b.c\n+++ b/b.c\n@@ -1 +1 @@\n-1\n+2\n"
    try "second\n\(diff)".write(toFile: folder + "a.patch", atomically: true, encoding: .utf8)
    try diff.write(toFile: folder + "sub/first.diff", atomically: true, encoding: .utf8)
    try "# all\nsub/first.diff -p1\n\na.patch # why\n".write(
      toFile: folder + "series", atomically: true, encoding: .utf8)
    #expect(try await patches(folder, scene).map(\.patch.subject) == ["first", "second"])
    try "gone.patch\n".write(toFile: folder + "series", atomically: true, encoding: .utf8)
    let failure = await #expect(throws: Failure.self) { try await patches(folder, scene) }
    #expect(failure?.findings.first?.message == "there is no patch 'gone.patch' in the folder")
    #expect(failure?.findings.first?.place == Place("series", line: 1))
  }

  /// Quilt holds a patch neither to its line numbers nor to the names of its folders.
  @Test func aQuiltPatchMayStandElsewhere() async throws {
    let (scene, _) = try await scene()
    let folder = scene.scratch.path + "/.git/quilt/"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let diff = "--- linux-1.orig/a.c\n+++ linux-1/a.c\n@@ -9 +9 @@ far()\n-two\n+2\n"
    try diff.write(toFile: folder + "a.diff", atomically: true, encoding: .utf8)
    try "a.diff\n".write(toFile: folder + "series", atomically: true, encoding: .utf8)
    let report = try await verifier(scene).verify(folder, base: "base")
    #expect(report.verdict == .stands)
    #expect(report.commits.first?.checks.first?.findings.map(\.severity) == [.warning])
    let source = try await SeriesSource.read(folder, in: scene.repository).source
    let tree = try #require(report.commits.first?.tree)
    let mail = String(
      decoding: try source.mail(1, from: report.base.tree, to: tree, in: scene.repository), as: UTF8.self)
    #expect(mail.contains("diff --git a/a.c b/a.c\n"))
    #expect(mail.contains("@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n"))
  }

  @Test func aPatchThatDoesNotApplyStopsThere() async throws {
    let (scene, folder) = try await scene()
    let file = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasPrefix("0002") })
    let url = URL(fileURLWithPath: "\(folder)/\(file)")
    try String(contentsOf: url, encoding: .utf8).replacingOccurrences(of: "\n-1\n", with: "\n-9\n")
      .write(to: url, atomically: true, encoding: .utf8)
    let report = try await verifier(scene).verify(folder, base: "base")
    #expect(report.verdict == .falls)
    #expect(report.commits.map(\.verdict) == [.stands, .falls, .incomplete])
    #expect(report.commits.map { $0.checks[0].verdict } == [.pass, .fail, .skipped])
    #expect(report.firstBad?.index == 2)
    #expect(report.firstBad?.check == .apply)
    let finding = try #require(report.commits[1].checks[0].findings.first)
    #expect(finding.file == file)
    #expect(finding.line != nil)
  }

  @Test func whatCannotBeReadSaysSo() async throws {
    let (scene, folder) = try await scene()
    let empty = folder + "-none"
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    for (source, message) in [
      (empty, "no patches in '\(empty)'"), ("nothing-there", "there is no 'nothing-there'"),
      ("HEAD..HEAD", "no commits in 'HEAD..HEAD'"),
    ] {
      do {
        _ = try await verifier(scene).verify(source, base: "base")
        Issue.record("\(source) was read")
      } catch {
        #expect(error.status == .input)
        #expect(error.findings.first?.message == message)
      }
    }
  }

  @Test func aStructureFindingIsMendedWhereItIsGone() async throws {
    let (scene, _) = try await scene()
    let states = try await SeriesStates(
      try scene.source(), base: try scene.repository.resolve("base").tree, in: scene.repository)
    var run = VerificationRun(
      source: try scene.source(), states: states, base: .init(rev: "base", tree: scene.base.id))
    let finding = Finding(at: Place("a.c", line: 2), "the table sets neither op")
    run.results.structure = [1: .init(), 2: .init(found: .init(new: [finding], standing: [finding])), 3: .init()]
    let bad = try await Explanation(run: run).firstBad(base: scene.base)
    #expect(bad?.index == 2)
    #expect(bad?.check == .structure)
    #expect(bad?.fixedBy == 3)
    #expect(
      bad?.reason == "a.c:2: the table sets neither op; patch 2 removes what a.c uses until patch 3: "
        + "move patch 2 after it, or that hunk into patch 2")
  }

  @Test func aLinkIsNoFileThatCompilersSee() async throws {
    let (scene, _) = try await scene()
    let manager = FileManager.default
    try manager.createSymbolicLink(atPath: scene.scratch.path + "/link.h", withDestinationPath: "a.c")
    try scene.scratch.commit()
    let report = try await verifier(scene).verify("HEAD~..HEAD")
    #expect(
      report.commits.first?.checks.first?.findings.map(\.message) == [
        "link.h becomes a link: what is built through it is not checked"
      ])
    try scene.scratch.remove("link.h")
    try manager.createSymbolicLink(atPath: scene.scratch.path + "/link.h", withDestinationPath: "/etc/passwd")
    try scene.scratch.commit()
    let failure = await #expect(throws: Failure.self) { try await verifier(scene).verify("HEAD~..HEAD") }
    #expect(failure?.findings.map(\.message) == ["patch 1 makes link.h a link out of the tree, to /etc/passwd"])
  }

  @Test func aFileWithoutAnEndIsRefused() async throws {
    let (scene, _) = try await scene()
    let failure = await #expect(throws: Failure.self) { try await verifier(scene).verify("/dev/zero") }
    #expect(failure?.status == .input)
    #expect(failure?.findings.map(\.message) == ["file is larger than 128 MiB"])
  }
}
