import Diagnostics
import Foundation
import Git
import GitBinary
import PatchSeries
import Testing

/// What `PatchWriter` writes of a series, against what `git format-patch` writes of the same commits.
@Suite struct FormatPatchTests {
  /// Every file `git format-patch` writes, by name.
  private func gitsFiles(_ scratch: ScratchRepository, _ options: [String]) throws -> [String: [UInt8]] {
    try scratch.git(
      ["-c", "core.abbrev=12", "format-patch", "--quiet", "--output-directory=.out", "--signature=2.39.5"] + options
        + ["base..HEAD"])
    let folder = scratch.path + "/.out"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    let files = try names.map { ($0, [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + $0)))) }
    return Dictionary(uniqueKeysWithValues: files)
  }

  private func expectGitsFiles(
    _ scratch: ScratchRepository, reroll: Int = 1, numbered: Bool = true, namesBase: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    var options = numbered ? ["--numbered", "--cover-letter"] : ["--no-numbered"]
    if reroll > 1 { options.append("-v\(reroll)") }
    if namesBase { options.append("--base=base") }
    let expected = try gitsFiles(scratch, options)
    let repository = try Repository(opening: scratch.path)
    let base = try repository.resolve("base")
    let commits = try repository.commits(in: ("base", "HEAD"))
    let writer = PatchWriter(signature: "2.39.5", numbered: numbered)
    var patches: [Patch] = []
    var tree = base.tree
    var names: Set<String> = []
    for (index, commit) in commits.enumerated() {
      let diff = try repository.diff(from: tree, to: commit.tree)
      tree = commit.tree
      let patch = Patch(
        subject: commit.subject, author: commit.author, body: commit.body, number: index + 1,
        total: commits.count, reroll: reroll, diff: diff.text, files: diff.files)
      patches.append(patch)
      names.insert(patch.fileName)
      let wanted = try #require(expected[patch.fileName], "\(patch.fileName) of \(expected.keys)")
      let text = writer.text(patch, commit: commit.id.hex)
      #expect(difference(text, from: wanted) == nil, "\(patch.fileName)", sourceLocation: sourceLocation)
      try await expectReadsBack(wanted, patch, numbered: numbered, sourceLocation)
    }
    if numbered, let last = commits.last {
      let name = PatchName.cover(reroll: reroll)
      names.insert(name)
      let cover = CoverLetter(subject: "*** SUBJECT HERE ***", blurb: "*** BLURB HERE ***", author: last.committer)
      let files = try repository.diff(from: base.tree, to: tree).files
      let text = writer.text(cover, of: patches, commit: last.id.hex, files: files, base: namesBase ? base.id.hex : nil)
      let wanted = try #require(expected[name])
      #expect(difference(Self.undated(text), from: Self.undated(wanted)) == nil, sourceLocation: sourceLocation)
    }
    #expect(names == Set(expected.keys))
    let series = try await PatchReader.series(expected.sorted { $0.key > $1.key }.map { ($0.key, $0.value) })
    #expect(series.patches.map(\.subject) == commits.map { Self.mailed($0.subject) })
    #expect(series.cover?.blurb == (numbered ? "*** BLURB HERE ***" : nil))
  }

  private func expectReadsBack(
    _ bytes: [UInt8], _ patch: Patch, numbered: Bool, _ sourceLocation: SourceLocation
  ) async throws {
    let read = try await PatchReader.patch(bytes, file: patch.fileName)
    #expect(read.subject == Self.mailed(patch.subject), sourceLocation: sourceLocation)
    var author = patch.author
    if author.name.utf8.count > 60 { author.name = author.email }
    #expect(read.author == author, sourceLocation: sourceLocation)
    #expect(read.diff == patch.diff, sourceLocation: sourceLocation)
    #expect(read.reroll == patch.reroll || !numbered)
    #expect(!numbered || (read.number, read.total) == (patch.number, patch.total))
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    #expect(lines[read.diffLine - 1].starts(with: Array("diff --git".utf8)), sourceLocation: sourceLocation)
    #expect(read.files.map { $0.path } == patch.files.map { $0.path })
  }

  /// What `git am` leaves of a subject.
  private static func mailed(_ subject: String) -> String {
    let bare = subject.hasPrefix("[") ? subject.drop { $0 != "]" }.dropFirst() : subject[...]
    return bare.split(separator: " ").joined(separator: " ")
  }

  /// The cover letter's date is the time at which git ran.
  private static func undated(_ text: [UInt8]) -> [UInt8] {
    Array(
      text.split(separator: 0x0A, omittingEmptySubsequences: false)
        .filter { !$0.starts(with: Array("Date: ".utf8)) }.joined(separator: [0x0A]))
  }

  private func series(_ messages: [String], author: String = "A U Thor") throws -> ScratchRepository {
    let scratch = try ScratchRepository()
    try scratch.write("base\n", to: "drivers/iommu/a.c")
    try scratch.commit("base\n")
    try scratch.git("tag", "base")
    scratch.authorName = author
    for (index, message) in messages.enumerated() {
      try scratch.write("change \(index)\n", to: "drivers/iommu/a.c")
      try scratch.commit(message)
    }
    return scratch
  }

  @Test func writesAShortSeries() async throws {
    let messages = [
      "iommu: add a callback\n\nThe body.\n\nSigned-off-by: A U Thor <author@example.com>\n",
      "iommu: no body\n",
      "iommu/vt-d: trailing  white   space\n\n  indented\nends in spaces   \n\n\n\nlast\n\n\n",
    ]
    try await expectGitsFiles(try series(messages))
    try await expectGitsFiles(try series(messages), reroll: 12)
    try await expectGitsFiles(try series(messages), namesBase: true)
    try await expectGitsFiles(try series(Array(messages.prefix(1))), numbered: false)
  }

  @Test func padsNumbersToTheTotal() async throws {
    try await expectGitsFiles(try series((1...11).map { "iommu: change number \($0)\n\nBody.\n" }), reroll: 2)
  }

  @Test func foldsAndEncodesSubjects() async throws {
    let word = "iommu/arm-smmu-v3: "
    try await expectGitsFiles(
      try series(
        (8...24).map { word + (0..<$0).map { "w\($0)" }.joined(separator: " ") + "\n\nBody.\n" } + [
          word + "stra\u{df}e \u{2013} caf\u{e9}\n\nBody.\n",
          word + (0..<12).map { "stra\u{df}e\($0)" }.joined(separator: " ") + "\n\nNa\u{ef}ve.\n",
          word + String(repeating: "x", count: 90) + "\n",
          word + "plain\n\nBody with \u{3bb}.\n",
          word + "equals =?sign and under_score?\n",
        ]))
  }

  @Test(arguments: [
    "J\u{f6}rg R\u{f6}del", "Quoted. Name", "Name, \"With\" Quotes", "O'Brien", "\u{674e}\u{5c0f}\u{9f99}",
    "A very long name of more than sixty characters, which will not fit with its address",
    "\u{410}\u{43b}\u{435}\u{43a}\u{441}\u{430}\u{43d}\u{434}\u{440} \u{418}\u{432}\u{430}\u{43d}\u{43e}\u{432}\u{438}\u{447}",
  ])
  func writesAuthors(_ name: String) async throws {
    try await expectGitsFiles(try series(["iommu: one\n\nBody.\n", "iommu: two\n"], author: name))
  }

  @Test func namesFilesAsGitDoes() async throws {
    try await expectGitsFiles(
      try series([
        "iommu: a subject that goes on and on until no file name could hold all of it, and further\n",
        "[media] v4l: brackets & symbols (all) -- of...them.\n",
        "odd: ../path/../..x...   \n",
        "iommu: Split a_b.c ...\n",
        "iommu/amd:\u{e4}\u{f6}\n",
      ]))
  }

  @Test func writesDiffStats() async throws {
    let scratch = try ScratchRepository()
    let deep = "drivers/gpu/drm/amd/display/dc/some/very/deep/folder/that/is/much/too/long/for/a/line"
    for (index, count) in [3, 40, 400].enumerated() {
      try scratch.write(lines(count, "old"), to: "drivers/iommu/f\(index).c")
    }
    try scratch.write(lines(20, "x"), to: "\(deep)/name.c")
    try scratch.write(lines(20, "y"), to: "run.sh")
    try scratch.write(lines(20, "z"), to: "drivers/iommu/renamed.c")
    try scratch.write([0, 1, 2], to: "logo.bin")
    try scratch.commit("base\n")
    try scratch.git("tag", "base")
    for (index, count) in [3, 40, 400].enumerated() {
      try scratch.write(lines(count - index, "new"), to: "drivers/iommu/f\(index).c")
    }
    try scratch.write(lines(22, "x"), to: "\(deep)/name.c")
    try scratch.commit("change many\n")
    try scratch.write(lines(5, "n"), to: "\(deep)/new.c")
    try scratch.write("", to: "empty.c")
    try scratch.git("mv", "drivers/iommu/renamed.c", "drivers/renamed.c")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.path + "/run.sh")
    try scratch.remove("drivers/iommu/f0.c")
    try scratch.commit("change files\n")
    try scratch.write(lines(1, "one"), to: "\(deep)/new.c")
    try scratch.commit("one file\n")
    try await expectGitsFiles(scratch)
  }

  private func lines(_ count: Int, _ word: String) -> String {
    (0..<count).map { "\(word) \($0)\n" }.joined()
  }
}
