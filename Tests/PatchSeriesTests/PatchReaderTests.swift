import Diagnostics
import Foundation
import PatchSeries
import Testing

@Suite struct PatchReaderTests {
  private func message(
    _ subject: String, from: String = "From: A U Thor <author@example.com>", text: String = "Body.\n",
    diff: String = "diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+b\n"
  ) -> String {
    "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n\(from)\n"
      + "Date: Thu, 28 May 2026 22:30:40 +0200\nSubject: \(subject)\n\n\(text)---\n a.c | 2 +-\n"
      + " 1 file changed, 1 insertion(+), 1 deletion(-)\n\n\(diff)-- \n2.39.5\n\n"
  }

  private func failure(_ text: String) -> Finding? {
    let failure = #expect(throws: Failure.self) { try PatchReader.series(mbox: Array(text.utf8), file: "p") }
    #expect(failure?.status == .input)
    return failure?.findings.first
  }

  @Test func readsAMessage() throws {
    let patch = try PatchReader.patch(
      Array(message("[PATCH RFC v3 02/11] [media] v4l: long\n subject").utf8), file: "p")
    #expect(patch.subject == "[media] v4l: long subject")
    #expect((patch.number, patch.total, patch.reroll) == (2, 11, 3))
    #expect(patch.author.seconds == 1_780_000_240)
    #expect(patch.author.offsetMinutes == 120)
    #expect(patch.body == "Body.")
    #expect(patch.diffLine == 12)
    #expect(try patch.fileDiffs().first?.hunks.first?.number == patch.diffLine + 3)
  }

  @Test func prefersTheAuthorInTheBody() throws {
    let text = "From: =?UTF-8?q?J=C3=B6rg?= <joerg@example.com>\n\nBody.\n\nSigned-off-by: X <x@example.com>\n"
    let patch = try PatchReader.patch(Array(message("[PATCH] a", text: text).utf8), file: "p")
    #expect(patch.author.name == "J\u{f6}rg")
    #expect(patch.body == "Body.\n\nSigned-off-by: X <x@example.com>")
  }

  @Test func decodesHeaders() throws {
    let patch = try PatchReader.patch(
      Array(
        message(
          "=?UTF-8?q?[PATCH]=20stra=C3=9F?=\n =?UTF-8?b?ZSBiYXNl?= =?iso-8859-1?q?_=E4?= end",
          from: "From: \"Thor, A \\\"U\\\"\" <author@example.com>"
        ).utf8), file: "p")
    #expect(patch.subject == "stra\u{df}e base \u{e4} end")
    #expect(patch.author.name == "Thor, A \"U\"")
  }

  @Test func keepsNotesOutOfTheMessage() throws {
    let text = "Body.\n---\nChanges in v2:\n - all\n\n"
    let patch = try PatchReader.patch(
      Array(message("[PATCH v2] a", text: text).replacing("---\n a.c |", with: " a.c |").utf8), file: "p")
    #expect(patch.body == "Body.")
    #expect(patch.notes == "Changes in v2:\n - all")
  }

  @Test func ordersAnMboxAndFindsItsCoverLetter() throws {
    let cover = message(
      "[PATCH 0/2] iommu: all", text: "Why.\n\nFrom 1 to 2, how.\n\nA U Thor (2):\n  one\n  two\n\n", diff: ""
    )
    .replacing("---\n", with: "")
    let text = message("[PATCH 2/2] two") + cover + message("[PATCH 1/2] one")
    let series = try PatchReader.series(mbox: Array(text.utf8), file: "p")
    #expect(series.patches.map(\.subject) == ["one", "two"])
    #expect(series.cover?.subject == "iommu: all")
    #expect(series.cover?.blurb == "Why.\n\nFrom 1 to 2, how.")
    // Places are those of the mbox, not of the message.
    #expect(series.patches[0].diffLine > series.patches[1].diffLine)
  }

  @Test func namesWhatIsMissing() {
    #expect(failure(message("[PATCH 1/3] a") + message("[PATCH 3/3] c"))?.message == "patch 2 of 3 is missing")
    #expect(failure(message("[PATCH 1/2] a"))?.message == "patch 2 of 2 is missing")
    #expect(failure(message("[PATCH 1/1] a") + message("[PATCH 1/1] b"))?.message == "two patches are number 1 of 1")
    #expect(failure("")?.message == "no patch in it")
    #expect(failure("From: A <a@b>\n\nText.\n")?.message == "message has no Subject")
    #expect(failure(message("[PATCH] a", from: "To: x"))?.message == "message has no From with an address")
    let bare = failure(message("[PATCH] a", diff: ""))
    #expect(bare?.message == "message 'a' holds no diff")
    #expect(bare?.place == Place("p", line: 4))
  }

  @Test func refusesWhatItWouldMisread() {
    func refused(_ header: String, text: String = "Body.\n") -> Finding? {
      failure(message("[PATCH] a", from: "From: A <a@b>\n" + header, text: text))
    }
    let encoded = refused("Content-Transfer-Encoding: x-uuencode")
    #expect(encoded?.message == "message is encoded as x-uuencode")
    #expect(encoded?.place == Place("p", line: 3))
    let damaged = refused("Content-Transfer-Encoding: base64")
    #expect(damaged?.message == "line is not base64, as its header says")
    #expect(damaged?.place == Place("p", line: 7))
    #expect(
      refused("Content-Type: multipart/mixed")?.message == "message of several parts names no boundary")
    #expect(
      refused("Content-Type: text/plain; format=flowed; delsp=yes")?.message
        == "message is format=flowed, which breaks the lines of a diff")
    #expect(refused("Content-Type: text/html; charset=utf-8")?.message == "message is in HTML only")
    let only = refused(
      "Content-Type: multipart/alternative; boundary=b", text: "--b\nContent-Type: text/html\n\n<p>\n--b--\n")
    #expect(only?.message == "message is in HTML only")
  }

  /// As `git am`, whose commits cannot hold one.
  @Test func refusesANulInTheMessage() {
    let finding = failure(message("[PATCH] a", text: "Bo\0dy.\n"))
    #expect(finding?.message == "message of the commit holds a NUL byte, which git takes into no commit")
    #expect(finding?.place == Place("p", line: 4))
  }

  @Test func refusesTextInAnotherCharacterSet() {
    func refused(_ charset: String) -> Finding? {
      var bytes = Array(
        message("[PATCH] a", from: "From: A <a@b>\nContent-Type: text/plain; charset=\(charset)", text: "a\nX\n").utf8)
      for index in bytes.indices.dropLast() where bytes[index] == 0x58 { bytes[index] = 0xFF }
      return #expect(throws: Failure.self) { try PatchReader.patch(bytes, file: "p") }?.findings.first
    }
    #expect(refused("x-none")?.message == "text is in the unknown character set 'x-none'")
    #expect(refused("us-ascii")?.message == "text is not in us-ascii, as its Content-Type says")
    #expect(refused("us-ascii")?.place == Place("p", line: 8))
  }

  /// git does not read it: the line ends of such a text are not bytes of their own.
  @Test func readsUTF16() throws {
    let text = "Na\u{ef}ve.\n---\ndiff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+\u{20ac}\n"
    let wide = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    let mail =
      "From: A <a@b>\nDate: Thu, 28 May 2026 22:30:40 +0200\nSubject: [PATCH] a\nContent-Type: text/plain;"
      + " charset=UTF-16LE\nContent-Transfer-Encoding: base64\n\n\(Data(wide).base64EncodedString())\n"
    let patch = try PatchReader.patch(Array(mail.utf8), file: "p")
    #expect(patch.body == "Na\u{ef}ve.")
    #expect(String(decoding: patch.diff, as: UTF8.self).hasSuffix("+\u{20ac}\n"))
    #expect(patch.diffLine == 7)
  }

  /// A finding about an encoded diff stands where the line is in the file.
  @Test func placesDamageInQuotedPrintable() {
    let text = "--- a/a.c\n+++ b/a.c\n@@ -1 =\n+1 @@\n-a\nwrapped\n+b\n"
    let finding = failure(
      "From: A <a@b>\nDate: Thu, 28 May 2026 22:30:40 +0200\nSubject: [PATCH] a\n"
        + "Content-Transfer-Encoding: quoted-printable\n\n\(text)")
    #expect(finding?.place == Place("p", line: 11))
    #expect(finding?.message.contains("starts with none of") == true)
  }

  @Test func placesATruncatedHunkInTheFile() {
    let finding = failure(message("[PATCH] a", diff: "--- a/a.c\n+++ b/a.c\n@@ -1,3 +1,3 @@\n a\n"))
    #expect(finding?.place?.file == "p")
    #expect((finding?.place?.line ?? 0) > 13)
  }
}
