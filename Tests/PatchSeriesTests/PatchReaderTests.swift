import Diagnostics
import Foundation
import Support
import Testing

@testable import PatchSeries

@Suite struct PatchReaderTests {
  private func message(
    _ subject: String, from: String = "From: A U Thor <author@example.com>", text: String = "Body.\n",
    diff: String = "diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+b\n"
  ) -> String {
    "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n\(from)\n"
      + "Date: Thu, 28 May 2026 22:30:40 +0200\nSubject: \(subject)\n\n\(text)---\n a.c | 2 +-\n"
      + " 1 file changed, 1 insertion(+), 1 deletion(-)\n\n\(diff)-- \n2.39.5\n\n"
  }

  private func failure(_ text: String) async -> Finding? {
    let failure = await #expect(throws: Failure.self) {
      try await PatchReader.series(mbox: Array(text.utf8), file: "p")
    }
    #expect(failure?.status == .input)
    return failure?.findings.first
  }

  @Test func readsAMessage() async throws {
    let patch = try await PatchReader.patch(
      Array(message("[PATCH RFC v3 02/11] [media] v4l: long\n subject").utf8), file: "p")
    // As git am without --keep-non-patch.
    #expect(patch.subject == "v4l: long subject")
    #expect((patch.number, patch.total, patch.reroll) == (2, 11, 3))
    #expect(patch.author.seconds == 1_780_000_240)
    #expect(patch.author.offsetMinutes == 120)
    #expect(patch.body == "Body.")
    #expect(patch.diffLine == 12)
    #expect(try patch.fileDiffs().first?.hunks.first?.number == patch.diffLine + 3)
  }

  @Test func prefersTheAuthorInTheBody() async throws {
    let text = "From: =?UTF-8?q?J=C3=B6rg?= <joerg@example.com>\n\nBody.\n\nSigned-off-by: X <x@example.com>\n"
    let patch = try await PatchReader.patch(Array(message("[PATCH] a", text: text).utf8), file: "p")
    #expect(patch.author.name == "J\u{f6}rg")
    #expect(patch.body == "Body.\n\nSigned-off-by: X <x@example.com>")
  }

  @Test func decodesHeaders() async throws {
    let patch = try await PatchReader.patch(
      Array(
        message(
          "=?UTF-8?q?[PATCH]=20stra=C3=9F?=\n =?UTF-8?b?ZSBiYXNl?= =?iso-8859-1?q?_=E4?= end",
          from: "From: \"Thor, A \\\"U\\\"\" <author@example.com>"
        ).utf8), file: "p")
    #expect(patch.subject == "stra\u{df}e base \u{e4} end")
    // As git commits it: without such characters at the ends.
    #expect(patch.author.name == "Thor, A \"U")
  }

  @Test func keepsNotesOutOfTheMessage() async throws {
    let text = "Body.\n---\nChanges in v2:\n - all\n\n"
    let patch = try await PatchReader.patch(
      Array(message("[PATCH v2] a", text: text).replacing("---\n a.c |", with: " a.c |").utf8), file: "p")
    #expect(patch.body == "Body.")
    #expect(patch.notes == "Changes in v2:\n - all")
  }

  @Test func ordersAnMboxAndFindsItsCoverLetter() async throws {
    let cover = message(
      "[PATCH 0/2] iommu: all", text: "Why.\n\nFrom 1 to 2, how.\n\nA U Thor (2):\n  one\n  two\n\n", diff: ""
    )
    .replacing("---\n", with: "")
    let text = message("[PATCH 2/2] two") + cover + message("[PATCH 1/2] one")
    let series = try await PatchReader.series(mbox: Array(text.utf8), file: "p")
    #expect(series.patches.map(\.subject) == ["one", "two"])
    #expect(series.cover?.subject == "iommu: all")
    #expect(series.cover?.blurb == "Why.\n\nFrom 1 to 2, how.")
    // Places are those of the mbox, not of the message.
    #expect(series.patches[0].diffLine > series.patches[1].diffLine)
  }

  @Test func namesWhatIsMissing() async {
    let other = message("[PATCH 1/1] a", text: "Other.\n")
    #expect(await failure(message("[PATCH 1/1] a") + other)?.message == "two patches are numbered 1/1")
    #expect(await failure("")?.message == "no patch found")
    #expect(await failure("From: A <a@b>\n\nText.\n")?.message == "message has no Subject header")
    #expect(await failure(message("[PATCH] a", from: "To: x"))?.message == "message has no From header with an address")
    let bare = await failure(message("[PATCH] a", diff: ""))
    #expect(bare?.message == "message 'a' holds no diff")
    #expect(bare?.place == Place("p", line: 4))
  }

  @Test func refusesWhatItWouldMisread() async {
    func refused(_ header: String, text: String = "Body.\n") async -> Finding? {
      await failure(message("[PATCH] a", from: "From: A <a@b>\n" + header, text: text))
    }
    let damaged = await refused("Content-Transfer-Encoding: base64")
    #expect(damaged?.message == "message 'a' holds no diff")
    #expect(damaged?.place == Place("p", line: 5))
    #expect(await refused("Content-Type: text/html; charset=utf-8")?.message == "message is in HTML only")
    let only = await refused(
      "Content-Type: multipart/alternative; boundary=b", text: "--b\nContent-Type: text/html\n\n<p>\n--b--\n")
    #expect(only?.message == "message is in HTML only")
    #expect(only?.place == Place("p", line: 8))
  }

  /// git joins the lines, and warns as well.
  @Test func joinsFlowedLines() async throws {
    let flowed = message(
      "[PATCH] a", from: "From: A <a@b>\nContent-Type: text/plain; Format=\"flowed\"", text: "Some \ntext.\n")
    let series = try await PatchReader.series(mbox: Array(flowed.utf8), file: "p")
    #expect(series.patches[0].body == "Some text.")
    #expect(series.warnings.map(\.place) == [Place("p", line: 3)])
    #expect(series.warnings.first?.message == "message is format=flowed: spaces at the ends of lines may be lost")
  }

  @Test(arguments: ["\"A U Thor <a@b>", "A (B (C) <a@b>", "\"A \\\" <a@b>"])
  func refusesNamesThatGitReadsBeyondTheirEnd(from: String) async {
    let finding = await failure(message("[PATCH] a", from: "From: \(from)"))
    #expect(finding?.message == "author's name has a quote or a comment that does not end")
    #expect(finding?.place == Place("p", line: 2))
    let inBody = await failure(message("[PATCH] a", text: "\nFrom: \(from)\n\nBody.\n"))
    #expect(inBody?.message == finding?.message)
    #expect(inBody?.place == Place("p", line: 7))
  }

  @Test func takesAMailWithoutADate() async throws {
    let text = message("[PATCH] a").replacing("Date: Thu, 28 May 2026 22:30:40 +0200\n", with: "")
    let series = try await PatchReader.series(mbox: Array(text.utf8), file: "p")
    #expect(series.patches[0].author.seconds == 0)
    #expect(series.warnings.map(\.message) == ["message has no date, for which git am takes the time at which it runs"])
  }

  /// As git, which applies the rest.
  @Test(arguments: [
    (
      "diff --cc a.c\nindex 1111111,2222222..3333333\n--- a/a.c\n+++ b/a.c\n@@@ -1 -1 +1 @@@\n- a\n -x\n++b\n",
      "combined"
    ),
    ("*** a/b.c\n--- b/b.c\n***************\n*** 1 ****\n! a\n--- 1 ----\n! b\n", "context diff"),
    ("Only in b/dir: new.c\n", "Only in"), ("Binary files a/x and b/x differ\n", "Binary files"),
  ])
  func warnsOfWhatGitPassesOver(text: String, form: String) async throws {
    let plain = "--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+b\n"
    let series = try await PatchReader.series(mbox: Array(message("[PATCH] a", diff: text + plain).utf8), file: "p")
    #expect(series.warnings.count == 1)
    #expect(series.warnings.first?.place == Place("p", line: 11))
    #expect(series.warnings.first?.message.contains(form) == true)
    let git = "diff --git a/x b/x\nBinary files a/x and b/x differ\n"
    #expect(ForeignDiff.all(in: Lines(Array(git.utf8))).isEmpty)
  }

  /// git takes them for text as it stands.
  @Test(arguments: ["Content-Transfer-Encoding: x-none", "Content-Type: multipart/mixed"])
  func readsWhatHeadersOnlyClaim(field: String) async throws {
    let text = message("[PATCH] a", from: "From: A <a@b>\n\(field)")
    #expect(try await PatchReader.patch(Array(text.utf8), file: "p").body == "Body.")
  }

  @Test func readsTagsBehindAListsName() async throws {
    let text = message("[some-list] [PATCH v2 2/2] b") + message("Re: [some-list] question", diff: "")
    let series = try await PatchReader.series(
      mbox: Array((text + message("=?UTF-8?q?=5Bsome-list=5D_=5BPATCH_v2_1/2=5D_a?=")).utf8), file: "p")
    #expect(series.patches.map(\.subject) == ["a", "b"])
    #expect(series.patches.map(\.number) == [1, 2])
    #expect(series.patches.map(\.reroll) == [2, 2])
  }

  /// As git commits them.
  @Test func takesUndeclaredBytesForLatin1() async throws {
    let bytes = message("[PATCH] na\u{0}ve", from: "From: Ren\u{0} <a@b>", text: "\u{0} \u{e9}\n").utf8.map {
      $0 == 0 ? 0xE9 : $0
    }
    let patch = try await PatchReader.patch(bytes, file: "p")
    #expect(patch.subject == "na\u{e9}ve")
    #expect(patch.author.name == "Ren\u{e9}")
    #expect(patch.body == "\u{e9} \u{e9}")
    let series = try await PatchReader.series(mbox: bytes, file: "p")
    #expect(series.warnings.map(\.place?.line) == [4])
    #expect(series.warnings.first?.message.contains("takes it for Latin-1") == true)
  }

  /// As `git am`, whose commits cannot hold one.
  @Test func refusesANulInTheMessage() async {
    let finding = await failure(message("[PATCH] a", text: "Bo\0dy.\n"))
    #expect(finding?.message == "commit message holds a NUL byte, which git does not accept")
    #expect(finding?.place == Place("p", line: 4))
  }

  @Test func refusesTextInAnotherCharacterSet() async {
    func refused(_ charset: String) async -> Finding? {
      var bytes = Array(
        message("[PATCH] a", from: "From: A <a@b>\nContent-Type: text/plain; charset=\(charset)", text: "a\nX\n").utf8)
      for index in bytes.indices.dropLast() where bytes[index] == 0x58 { bytes[index] = 0xFF }
      return await #expect(throws: Failure.self) { try await PatchReader.patch(bytes, file: "p") }?.findings.first
    }
    for charset in ["x-none", "us-ascii"] {
      let finding = await refused(charset)
      #expect(finding?.message == "git cannot read the message")
      #expect(finding?.notes == ["error: cannot convert from \(charset) to UTF-8"])
      #expect(finding?.place == Place("p", line: 5))
    }
  }

  /// A finding about an encoded diff stands in what git makes of it, from the first line on that is not the file's.
  @Test(arguments: [
    (
      "--- a/a.c\n+++ b/a.c\n@@ -1 =\n+1 @@\n-a\nwrapped\n+b\n",
      Place("p (git mailinfo's patch from the mail at line 1)", line: 5)
    ),
    ("--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\nwrapped\n+b=20\n", Place("p", line: 10)),
  ])
  func placesDamageInQuotedPrintable(text: String, place: Place) async {
    let finding = await failure(
      "From: A <a@b>\nDate: Thu, 28 May 2026 22:30:40 +0200\nSubject: [PATCH] a\n"
        + "Content-Transfer-Encoding: quoted-printable\n\n\(text)")
    #expect(finding?.place == place)
    #expect(finding?.message.contains("does not start with") == true)
  }

  /// As git: it is one without the lines that name its file.
  @Test func refusesAHunkInTheNotes() async {
    let finding = await failure(message("[PATCH] a", text: "Body.\n---\n@@ -1,2 +1,3 @@ is where it was\n"))
    #expect(finding?.message == "hunk without the '---' and '+++' lines that name its file")
    #expect(finding?.place == Place("p", line: 8))
  }

  @Test func placesATruncatedHunkInTheFile() async {
    let finding = await failure(message("[PATCH] a", diff: "--- a/a.c\n+++ b/a.c\n@@ -1,3 +1,3 @@\n a\n"))
    #expect(finding?.place?.file == "p")
    #expect((finding?.place?.line ?? 0) > 13)
  }
}
