import Diagnostics
import Foundation
import Git
import GitBinary
import PatchSeries
import Testing

/// What `PatchReader` reads of a mail, against what `git am` makes of it.
@Suite struct GitAmTests {
  private let scratch: ScratchRepository

  init() throws {
    scratch = try ScratchRepository()
    try scratch.git("config", "core.quotePath", "true")
  }

  /// A commit's diff, between two random states of two files.
  private func diff(crlf: Bool, _ random: inout SplitMix) throws -> [UInt8] {
    try scratch.git("checkout", "--quiet", "--orphan", "again\(random.next())")
    var files: [String: [[UInt8]]] = [:]
    for name in ["a.c", "dir/b c.h"] {
      files[name] = RandomPatches.file(crlf: crlf, using: &random)
      try scratch.write(RandomPatches.bytes(files[name] ?? [], using: &random), to: name)
    }
    try scratch.commit("base")
    try scratch.git("tag", "--force", "base")
    for (name, file) in files {
      let changed = RandomPatches.changed(file, crlf: crlf, using: &random)
      try scratch.write(RandomPatches.bytes(changed, using: &random), to: name)
    }
    try scratch.write(RandomPatches.bytes(RandomPatches.file(crlf: crlf, using: &random), using: &random), to: "new.c")
    try scratch.commit("change")
    return try scratch.git("diff", "--full-index", "base", "HEAD")
  }

  private struct Commit: Equatable {
    var tree: String
    var message: String
    var author: String
  }

  /// The commit `git am` makes of a mail, nil if it makes none.
  private func gitsCommit(_ mail: [UInt8], format: String? = nil) throws -> Commit? {
    try scratch.write(mail, to: ".git/mail")
    try scratch.git("reset", "--quiet", "--hard", "base")
    let format = format ?? (mail.starts(with: Array("From mboxrd@z".utf8)) ? "mboxrd" : "mbox")
    let isApplied = (try? scratch.git("am", "--quiet", "--patch-format=\(format)", ".git/mail")) != nil
    guard isApplied else {
      // git stops before it begins if it cannot split the mail.
      _ = try? scratch.git("am", "--abort")
      return nil
    }
    return Commit(
      tree: try scratch.tree(), message: try scratch.text("log", "-1", "--format=%B"),
      author: try scratch.text("log", "-1", "--date=raw", "--format=%an <%ae> %ad"))
  }

  /// The commit our reading of a mail gives, nil if it gives none.
  private func ourCommit(_ mail: [UInt8]) async throws -> Commit? {
    try await commit { () async throws(Failure) in try await PatchReader.patch(mail, file: "mail") }
  }

  private func commit(_ read: () async throws(Failure) -> Patch) async throws -> Commit? {
    let repository = try Repository(opening: scratch.path)
    let base = try repository.resolve("base").tree
    do {
      let patch = try await read()
      let tree = try repository.apply(patch.diff, to: base, name: "mail")
      let author = "\(patch.author.name) <\(patch.author.email)> \(patch.author.seconds) \(patch.author.offset)"
      return Commit(tree: tree.hex, message: patch.message, author: author)
    } catch {
      return nil
    }
  }

  private func expectSame(_ mail: [UInt8], fails: Bool = false, _ comment: Comment) async throws {
    let expected = try gitsCommit(mail)
    let found = try await ourCommit(mail)
    let failed = expected == nil
    #expect(failed == fails, comment)
    #expect(found == expected, comment)
  }

  /// What `hg export` and StGit write, which git tells by its first lines.
  @Test(arguments: [
    (
      "hg",
      "# HG changeset patch\n# User A U Thor <a@b.example>\n# Date 1760000000 -7200\n#      Thu Oct 09\n# Node ID 12\n"
        + "# Parent  34\ndir: change b\n\nBecause of caf\u{e9}.\n\n"
    ),
    ("hg", "# HG changeset patch\n# User A U Thor <a@b.example>\n# Date 1760000000 16200\ndir: change b\n\n"),
    ("stgit", "dir: change b\n\nFrom: A U Thor <a@b.example>\n\nBecause of\nthis.\n---\n dir | 2 +-\n\n"),
    ("stgit", "change b\n\nAuthor: A U Thor <a@b.example>\nDate: Thu, 9 Oct 2025 10:53:20 +0200\n\nBecause.\n---\n\n"),
  ])
  func whatOtherToolsWrite(format: String, header: String) async throws {
    var random = SplitMix(state: 7)
    let patch = Array(header.utf8) + (try diff(crlf: false, &random))
    let expected = try #require(try gitsCommit(patch, format: format))
    let found = try await commit { () async throws(Failure) in
      try await PatchReader.series([("one.patch", patch)]).patches[0]
    }
    if header.contains("Date") {
      #expect(found == expected)
    } else {
      #expect((found?.tree, found?.message) == (expected.tree, expected.message))
      #expect(found?.author.hasPrefix("A U Thor <a@b.example> ") == true)
    }
  }

  @Test func aDateThatMercurialDoesNotWrite() async throws {
    var random = SplitMix(state: 7)
    let header = "# HG changeset patch\n# User A U Thor <a@b.example>\n# Date yesterday\ndir: change b\n\n"
    let patch = Array(header.utf8) + (try diff(crlf: false, &random))
    #expect(try gitsCommit(patch, format: "hg") == nil)
    let failure = await #expect(throws: Failure.self) { try await PatchReader.series([("one.patch", patch)]) }
    #expect(failure?.findings.first?.place == Place("one.patch", line: 3))
  }

  /// What `git show` prints, in any of its formats; of several commits only `git format-patch` keeps them apart.
  @Test(arguments: ["medium", "full", "fuller"]) func whatGitShows(format: String) async throws {
    var random = SplitMix(state: 7)
    var builder = MailBuilder()
    builder.diff = try diff(crlf: false, &random)
    builder.text = Array("Why.\n\n    indented\n\nSigned-off-by: A U Thor <author@example.com>\n".utf8)
    let mail = try #require(try gitsCommit(builder.bytes))
    let shown = try scratch.git("show", "--stat", "--patch", "--format=\(format)", "HEAD")
    let found = try await commit { () async throws(Failure) in
      try await PatchReader.series([("one.patch", shown)]).patches[0]
    }
    #expect(found?.tree == mail.tree)
    #expect(found?.message == mail.message)
    #expect(found?.author == mail.author || format == "full")
    let failure = await #expect(throws: Failure.self) { try await PatchReader.series([("two.patch", shown + shown)]) }
    #expect(failure?.findings.first?.message == "another commit starts here, and both would become one")
  }

  @Test(arguments: 0..<24) func everyEncodingGivesGitsTree(seed: UInt64) async throws {
    var random = SplitMix(state: seed)
    var mail = MailBuilder()
    mail.diff = try diff(crlf: false, &random)
    mail.text = Array("Text.\n\nFrom here on, na\u{ef}ve.  \n\n\n  diff --git a/no b/no\n-- >8 --\nEnd=\n".utf8)
    // What is flowed does not come back as it was; `DifferentialTests` has it.
    mail.form = MailBuilder.Form.allCases.filter { $0 != .flowed }.randomElement(using: &random) ?? .plain
    mail.envelope = MailBuilder.Envelope.allCases.randomElement(using: &random) ?? .git
    mail.crlf = Bool.random(using: &random)
    for encoding in MailBuilder.Encoding.allCases {
      mail.encoding = encoding
      let comment: Comment = "\(encoding), \(mail.form), \(mail.envelope), CR LF: \(mail.crlf)"
      try await expectSame(mail.bytes, comment)
    }
  }

  /// Whether the diff is taken or refused, a file with CR LF in it must come to the same.
  @Test(arguments: 100..<112) func lineEndsAreGits(seed: UInt64) async throws {
    var random = SplitMix(state: seed)
    var mail = MailBuilder()
    mail.diff = try diff(crlf: true, &random)
    for encoding in MailBuilder.Encoding.allCases {
      mail.encoding = encoding
      for crlf in [false, true] {
        mail.crlf = crlf
        let expected = try gitsCommit(mail.bytes)
        let found = try await ourCommit(mail.bytes)
        #expect(found == expected, "\(encoding), CR LF: \(crlf)")
        let isEncoded = encoding != .eightBit
        #expect(expected != nil || !isEncoded, "git am keeps what is encoded")
      }
    }
  }

  @Test(
    arguments: [
      ("ISO-8859-1", [0x63, 0x61, 0x66, 0xE9], "caf\u{e9}"), ("iso-8859-15", [0xA4], "\u{20ac}"),
      ("windows-1252", [0x93, 0x78, 0x94], "\u{201c}x\u{201d}"),
      ("KOI8-R", [0xD0, 0xD2, 0xC9, 0xD7, 0xC5, 0xD4], "\u{43f}\u{440}\u{438}\u{432}\u{435}\u{442}"),
      ("Shift_JIS", [0x93, 0xFA, 0x96, 0x7B], "\u{65e5}\u{672c}"),
      ("ISO-2022-JP", [0x1B, 0x24, 0x42, 0x46, 0x7C, 0x4B, 0x5C, 0x1B, 0x28, 0x42], "\u{65e5}\u{672c}"),
    ] as [(String, [UInt8], String)])
  func textIsRecodedAndTheDiffIsNot(charset: String, bytes: [UInt8], text: String) async throws {
    var random = SplitMix(state: 7)
    var mail = MailBuilder()
    mail.diff = try diff(crlf: false, &random)
    mail.charset = charset
    mail.text = bytes + [0x0A]
    mail.subject = "[PATCH] =?\(charset)?b?\(Data(bytes).base64EncodedString())?= end"
    for encoding in MailBuilder.Encoding.allCases {
      mail.encoding = encoding
      try await expectSame(mail.bytes, "\(charset), \(encoding)")
      let patch = try await PatchReader.patch(mail.bytes, file: "mail")
      #expect(patch.body == text)
      #expect(patch.subject == "\(text) end")
    }
  }

  @Test(arguments: [
    "From: B <b@x>\nSubject: [PATCH] other\n\nText.\n", "\n\nSubject: long\n subject\nFrom: B <b@x>\nText.\n",
    "From: B <b@x>\nFrom: C <c@x>\n\nText.\n", "Text.\n\nFrom: B <b@x>\n", "From: =?KOI8-R?b?0NI=?= <b@x>\n\n\nText.\n",
    ">From 0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a Mon Sep 17 00:00:00 2001\nFrom: B <b@x>\n\nText.\n",
    "Date: Fri, 29 May 2026 10:00:00 +0000\n\nCc: x\nText.\n", "Text.\n--- not a file\n", "Text.\nIndex: a.c\nMore.\n",
    "Text.\n---  \nNotes.\n", "Text.\n----\nMore.\n diff --git a/x b/x\n--\nMore.\n",
  ])
  func theTextEndsAndStartsWhereGitsDoes(text: String) async throws {
    var random = SplitMix(state: 3)
    var mail = MailBuilder()
    mail.envelope = .b4
    mail.diff = try diff(crlf: false, &random)
    mail.text = Array(text.utf8)
    try await expectSame(mail.bytes, "\(text)")
  }

  @Test func saysWhereLineEndsAreLost() async throws {
    var mail = MailBuilder()
    mail.diff = Array("--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\r\n+b\r\n".utf8)
    func warnings() async throws -> [Finding] { try await PatchReader.series(mbox: mail.bytes, file: "p").warnings }
    #expect(try await warnings().map(\.message) == ["line ends in CR LF, and git am strips the CR"])
    #expect(try await warnings().first?.place == Place("p", line: 17))
    mail.crlf = true
    #expect(try await warnings().isEmpty)
    mail.crlf = false
    mail.encoding = .base64
    #expect(try await warnings().isEmpty)
    mail.diff = Array("--- a/a.c\r\n+++ b/a.c\r\n@@ -1 +1 @@\r\n-a\r\n+b\r\n".utf8)
    #expect(try await warnings().map(\.message) == ["the encoded diff has CR LF line ends, which git am keeps"])
  }
}
