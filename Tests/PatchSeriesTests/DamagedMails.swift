import GitBinary
import Support

@testable import PatchSeries

/// Mails with a patch in all forms that lists deliver, many of them damaged.
enum DamagedMails {
  private static let subjects = [
    "[PATCH] a: change", "[PATCH v3 2/9] a: change", "a: change", "Re: [PATCH] a: change", "[RFC PATCH] a: b",
    "=?UTF-8?q?=5BPATCH=5D_na=C3=AFve?=", "[PATCH] =?ISO-8859-1?Q?na=EFve?= =?ISO-8859-1?Q?_end?=", "[PATCH]a",
    "[PATCH 1/1]",
    "[PATCH] a: ends in space ", "[PATCH] a\n folded", "=?UTF-8?b?W1BBVENIXSDDpA==?=", "[PATCH", "[PATCH] =?x?q?y?=",
    "[list] [PATCH v2 1/3] [media] a: b", "[some-list] [PATCH 1/2] a", "[PATCH1/2] a", "[PATCH 1 of 2] a",
    "[PATCHv2.1] a",
    "[tip: core/urgent] a", "Re: AW: [PATCH] a", "[PATCH] na\u{ef}ve",
  ]

  private static let authors = [
    "A U Thor <author@example.com>", "\"Thor, A\" <author@example.com>", "author@example.com",
    "author@example.com (A U Thor)", "=?UTF-8?q?J=C3=B6rg?= <j@example.com>", "<author@example.com>", "A U Thor",
    "A <a@b> (comment)", "\"A \\\"Q\\\" B\" <a@b>", "J\u{f6}rg <j@x>", "Dr. A. Thor, <a@b>", "A (B) Thor <a@b>", "",
    "\"A U Thor <a@b>", "A U Thor (at work) <a@b>", "a@b (A (nested) U)", "Ren\u{e9} <a@b>", "A <a@b>, B <b@x>",
    "=?ISO-8859-1?Q?Ren=E9?= <a@b>", "<a@b> A U Thor", "A   U\n Thor <a@b>",
  ]

  private static let texts = [
    "Body.\n", "", "Body.\n\n\n  indented\nends in space \n\nSigned-off-by: A <a@b>\n", "From: B <b@x>\n\nText.\n",
    "From: B <b@x>\nSubject: other\n\nText.\n", "Text.\n---\nNotes.\n", ">From here\n", "-- \nsignature\n",
    "\n\nText\n",
    "From: B <b@x>\nDate: 2024-01-01 10:00:00 +0100\n\nText.\n", "[PATCH] other subject\n\nText.\n",
    "Subject: [PATCH 1/2] other\n\nText.\n", "Text.\n---\n@@ -1,2 +1,3 @@ is where it was\n",
    "Text.\n-- >8 --\nMore.\n", "diff is a word\nIndex of it\n", "na\u{ef}ve\u{2014}\n",
  ]

  private static let insertions = [
    "", "---", "-- ", "From: C <c@x>", "Cc: <c@x>", "Content-Type: text/html",
    "Content-Type: text/plain; charset=koi8-r",
    "Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: quoted-printable", "MIME-Version: 1.0", "--b",
    " folded",
    "diff --git a/a.c b/a.c", "=", "Text: x", "=20", ">From x", "\u{c}",
  ].map { Array($0.utf8) + [0x0A] }

  private static let dates: [String?] = [
    "Thu, 28 May 2026 22:30:40 +0200", "28 May 2026 22:30 GMT", "2026-05-28T22:30:40Z", "2026-05-28 22:30:40 -0700",
    "Thu May 28 22:30:40 2026 +0200", "@1780000240 +0200", "1780000240 +0200", "Thu, 28 May 26 22:30:40 EST",
    "May 2026",
    "5/28/2026", "", "no date", nil,
  ]

  private static let charsets: [String?] = [
    "UTF-8", "ISO-8859-1", "us-ascii", "windows-1252", "koi8-r", "x-none", "utf8", nil,
  ]

  static func next(diff: [UInt8], using random: inout SplitMix) -> [UInt8] {
    var mail = MailBuilder()
    mail.diff = diff
    mail.subject = subjects.randomElement(using: &random) ?? ""
    mail.from = authors.randomElement(using: &random) ?? ""
    mail.text = Array((texts.randomElement(using: &random) ?? "").utf8)
    mail.encoding = MailBuilder.Encoding.allCases.randomElement(using: &random) ?? .eightBit
    mail.form = MailBuilder.Form.allCases.randomElement(using: &random) ?? .plain
    mail.envelope = MailBuilder.Envelope.allCases.randomElement(using: &random) ?? .git
    mail.crlf = Int.random(in: 0..<4, using: &random) == 0
    if Int.random(in: 0..<3, using: &random) == 0 { mail.date = dates.randomElement(using: &random) ?? nil }
    if Int.random(in: 0..<3, using: &random) == 0 {
      mail.charset = charsets.randomElement(using: &random) ?? nil
      mail.text += [0x63, 0x61, 0x66, 0xE9, 0x0A]
    }
    var bytes = mail.bytes
    for _ in 0..<Int.random(in: 0...2, using: &random) { bytes = damaged(Lines(bytes), using: &random) }
    return bytes
  }

  private static func damaged(_ text: Lines, using random: inout SplitMix) -> [UInt8] {
    var lines = text.ranges.map { Array(text.bytes[$0]) }
    guard !lines.isEmpty else { return [] }
    // Most lines are the diff's.
    let at = Int.random(in: 0..<(Bool.random(using: &random) ? min(lines.count, 20) : lines.count), using: &random)
    switch Int.random(in: 0...5, using: &random) {
    case 0: lines.remove(at: at)
    case 1: lines.insert(lines[at], at: at)
    case 2: lines.swapAt(at, max(at - 1, 0))
    case 3: lines.insert(insertions.randomElement(using: &random) ?? [], at: at)
    case 4:
      lines[at][Int.random(in: 0..<lines[at].count, using: &random)] = UInt8.random(in: 0x20...0xFF, using: &random)
    default: return Array(text.bytes.prefix(Int.random(in: 0...text.bytes.count, using: &random)))
    }
    return lines.flatMap { $0 }
  }
}
