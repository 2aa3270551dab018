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
    _ = try scene.states([["a.c": "one\n2\nthree\n"], ["b.c": "2\n"], ["a.c": "one\n2\n3\n", "b.c": nil]])
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
    let states = try SeriesStates(
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
      read.map(\.patch.fileName) == zip(files.dropFirst(), ["mbox", "eml", "mbx"]).map { "\(folder)/\($0).\($1)" })
    #expect(read[0].warnings.map { $0.place?.file } == [folder + "/reply.eml"])
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
    #expect(failure?.findings.first?.place == Place(folder + "series", line: 1))
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
    #expect(finding.file == url.path)
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
    let states = try SeriesStates(
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
