import Diagnostics
import GitBinary
import PatchSeries
import Testing

/// Large and hostile mails: read in time, or refused with a place.
@Suite(.serialized) struct MailBoundsTests {
  private let head = "From: A <a@b>\nDate: Thu, 28 May 2026 22:30:40 +0200\n"
  private let separator = "From mboxrd@z Thu Jan  1 00:00:00 1970\n"
  private let names = "diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n"

  /// Does a piece of work and expects it to take seconds; what is quadratic in these sizes takes minutes.
  private func inTime<T>(_ name: Comment, _ work: () async throws -> T) async rethrows -> T {
    let start = ContinuousClock.now
    let result = try await work()
    let taken = ContinuousClock.now - start
    // Far more than any of them takes on a busy machine, far less than a reader that is quadratic.
    #expect(taken < .seconds(300), name)
    return result
  }

  private func refusal(_ text: String) async -> Finding? {
    let failure = await #expect(throws: Failure.self) {
      try await PatchReader.series(mbox: Array(text.utf8), file: "p")
    }
    #expect(failure?.status == .input)
    return failure?.findings.first
  }

  @Test func assemblesManyMessages() async throws {
    let count = 10_000
    let author = Signature(name: "A", email: "a@b", seconds: 0)
    func mail(_ subject: String, _ number: Int) -> (mail: [UInt8], info: [UInt8], text: [UInt8], patch: [UInt8]) {
      let header = "\(head)Message-ID: <\(number)@x>\nSubject: \(subject)\n\n"
      return (
        Array(header.utf8), Array("Subject: \(subject.split(separator: "] ")[1])\n".utf8), Array("Text.\n".utf8),
        Array("---\n\(names)@@ -1 +1 @@\n-a\n+\(number)\n-- \n2.39.5\n\n".utf8)
      )
    }
    let patches = (1...count).reversed().map { mail("[PATCH \($0)/\(count)] s\($0)", $0) }
    let series = try await inTime("\(count) patches") { try PatchReader.series(of: patches, by: author, file: "p") }
    #expect(series.patches.count == count)
    let versions = (1...count).map { mail("[PATCH v\($0) 1/1] s", $0) }
    let newest = try await inTime("\(count) versions") {
      try PatchReader.series(of: versions, by: author, file: "p")
    }
    #expect(newest.warnings.count == count - 1)
  }

  @Test func leavesMostOfAThreadUnread() async throws {
    let answers = (1...2_000).map { "\(separator)\(head)Subject: Re: [PATCH] s\n\n> +\($0)\n" }
    let patch = "\(separator)\(head)Subject: [PATCH] s\n\n---\n\(names)@@ -1 +1 @@\n-a\n+b\n\n"
    let series = try await inTime("a thread") {
      try await PatchReader.series(mbox: Array((answers + [patch]).joined().utf8), file: "p")
    }
    #expect(series.patches.first?.diffLine == 2_000 * 6 + 7)
    let large = await refusal(String(repeating: answers[0], count: 10_001))
    #expect(large?.message == "mbox holds more than 10000 mails")
  }

  @Test(arguments: [MailBuilder.Encoding.eightBit, .quotedPrintable, .base64])
  func readsALargeMessage(encoding: MailBuilder.Encoding) async throws {
    // 20 MB as it is; building the encoded ones takes longer than reading them.
    let lines = encoding == .eightBit ? 400_000 : 100_000
    let added = String(repeating: "+\tint word = some_function(argument, 12345);  /* = */\n", count: lines)
    var mail = MailBuilder()
    mail.diff = Array("\(names)@@ -0,0 +1,\(lines) @@\n\(added)".utf8)
    mail.encoding = encoding
    let bytes = mail.bytes
    let patch = try await inTime("\(bytes.count >> 20) MiB in \(encoding)") {
      try await PatchReader.patch(bytes, file: "p")
    }
    let isSame = patch.diff == mail.diff
    #expect(isSame)
  }

  @Test func readsHostileHeaders() async {
    let diff = "\n---\n\(names)@@ -1 +1 @@\n-a\n+b\n"
    for word in ["=?", "=?x?q?", "=?utf-8?q?=", "[PATCH ", "Re: ", "<a@b ", "\u{a0}"] {
      let subject = String(repeating: word, count: 300_000 / word.utf8.count)
      await inTime("many '\(word)'") {
        _ = try? await PatchReader.patch(Array("\(head)Subject: a \(subject)\n\(diff)".utf8), file: "p")
        _ = try? await PatchReader.patch(Array("\(head)From: \(subject)\nSubject: a\n\(diff)".utf8), file: "p")
        let type = "Content-Type: text/plain; \(subject)=\"\\"
        _ = try? await PatchReader.patch(Array("\(head)\(type)\nSubject: a\n\(diff)".utf8), file: "p")
      }
    }
    let long = await refusal("\(head)Subject: a\n" + String(repeating: "X: y\n", count: 10_000) + diff)
    #expect(long?.message == "header is longer than 10000 lines or 1 MiB")
    #expect(long?.place == Place("p", line: 1))
    let wide = await refusal(head + "Subject: " + String(repeating: "a", count: 2 << 20) + diff)
    #expect(wide?.place == Place("p", line: 1))
  }

  @Test func boundsNesting() async {
    let open = (0..<9).map { "Content-Type: multipart/mixed; boundary=b\($0)\n\nx\n--b\($0)\n" }.joined()
    let deep = await refusal("\(head)Subject: [PATCH] a\n\(open)\nText\n")
    #expect(deep?.message == "git cannot read the message")
    #expect(deep?.notes.first == "error: Too many boundaries to handle")
    #expect(deep?.place == Place("p", line: 3))
    let parts = String(repeating: "--b\n\nx\n", count: 100_000)
    let many = await inTime("many parts") {
      await refusal("\(head)Subject: [PATCH] a\nContent-Type: multipart/mixed; boundary=b\n\n\(parts)")
    }
    #expect(many?.message == "message 'a' holds no diff")
  }

  @Test func boundsAMessage() async {
    let text = String(repeating: String(repeating: "x", count: 1023) + "\n", count: 65 << 10)
    let large = await refusal("\n\(separator)\(head)Subject: [PATCH] a\n\n\(text)")
    #expect(large?.message == "message is larger than 64 MiB or 4000000 lines")
    #expect(large?.place == Place("p", line: 2))
    let long = await inTime("many empty lines") {
      await refusal("\(head)Subject: [PATCH] a\n\n" + String(repeating: "\n", count: 4_000_000))
    }
    #expect(long?.message == large?.message)
  }

  /// Bytes changed, removed and doubled anywhere: a failure names its file, and nothing crashes.
  @Test func survivesDamage() async {
    var random = SplitMix(state: 1)
    var mail = MailBuilder()
    mail.diff = Array("\(names)@@ -1 +1 @@\n-a\n+b\n".utf8)
    let damage: [UInt8] = [0x0A, 0x0D, 0x00, 0xFF, 0x20] + Array("=-:;\"<>[]".utf8)
    for round in 0..<500 {
      mail.encoding = MailBuilder.Encoding.allCases[round % 3]
      mail.form = MailBuilder.Form.allCases.randomElement(using: &random) ?? .plain
      mail.envelope = MailBuilder.Envelope.allCases.randomElement(using: &random) ?? .git
      var bytes = mail.bytes
      for _ in 0..<Int.random(in: 1...8, using: &random) where !bytes.isEmpty {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[at] = damage.randomElement(using: &random) ?? 0
        case 1: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...200, using: &random)))
        case 2: bytes += bytes[at...]
        default: bytes.insert(damage.randomElement(using: &random) ?? 0, at: at)
        }
      }
      do {
        _ = try await PatchReader.series(mbox: bytes, file: "p")
      } catch let failure {
        let isPlaced = failure.findings.first?.place?.file.hasPrefix("p") == true
        #expect(isPlaced, "round \(round): \(failure)")
      }
    }
  }
}
