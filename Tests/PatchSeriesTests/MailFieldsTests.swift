import Diagnostics
import PatchSeries
import Testing

@Suite struct MailFieldsTests {
  private let patch = "From 0 Mon Sep 17 00:00:00 2001\nFrom: A <a@x>\nSubject: [PATCH] b: c\n d\n\nTo: no field\n---\n"
  private let fields = MailFields(
    to: [
      MailAddress(name: "J\u{f6}rg, R.", email: "j@x"), MailAddress(name: "R, \"Q\"", email: "r@x"),
    ], cc: [MailAddress(name: "l@x", email: "l@x")], messageID: "2@x", inReplyTo: "1@x")

  private func added(_ patch: String) throws -> String {
    String(decoding: try fields.added(to: Array(patch.utf8), file: "p"), as: UTF8.self)
  }

  @Test func endTheHeader() throws {
    let text = """
      Message-ID: <2@x>
      In-Reply-To: <1@x>
      References: <1@x>
      To: =?UTF-8?q?J=C3=B6rg=2C=20R=2E?= <j@x>,
       "R, \\"Q\\"" <r@x>
      Cc: l@x

      """
    #expect(try added(patch) == patch.replacing(" d\n", with: " d\n" + text))
  }

  @Test(arguments: ["To: z@x\n", "CC: z@x\n", "message-id: <z@x>\n"])
  func areRefusedWhereThereAreSome(_ field: String) {
    #expect(throws: Failure.self) { try added(patch.replacing("Subject", with: field + "Subject")) }
  }

  @Test func needAHeaderThatEnds() {
    #expect(throws: Failure.self) { try added("From: A <a@x>\nno field\n") }
  }
}
