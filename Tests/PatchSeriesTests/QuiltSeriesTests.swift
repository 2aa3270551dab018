import Diagnostics
import PatchSeries
import Testing

@Suite struct QuiltSeriesTests {
  private let diff = "--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+b\n"

  private func patch(_ text: String, name: String = "p/fix-it.patch") async throws -> Patch {
    try #require(try await PatchReader.series(quilt: [(name, Array(text.utf8))]).patches.first)
  }

  private func names(_ text: String) throws -> [String] {
    try QuiltSeries(Array(text.utf8), file: "series").entries.map(\.name)
  }

  @Test func readsTheOrder() throws {
    #expect(try names("# head\nb.patch\n\n  sub/a.patch -p1 # note\n#c.patch\n") == ["b.patch", "sub/a.patch"])
    let entry = try QuiltSeries(Array("\nb.patch\n".utf8), file: "series").entries[0]
    #expect(entry.place == Place("series", line: 2))
    for (text, message) in [
      ("a.patch -p0", "patch is applied with '-p0', but only -p1 is supported"),
      ("a.patch -R", "patch is applied with '-R', but only -p1 is supported"),
      ("../a.patch", "patch '../a.patch' is outside the folder"),
    ] {
      let failure = #expect(throws: Failure.self) { try names(text) }
      #expect(failure?.findings.first?.message == message)
      #expect(failure?.findings.first?.place == Place("series", line: 1))
    }
  }

  @Test func namesAPatchByItsTextOrFile() async throws {
    #expect(try await patch(diff).subject == "fix-it")
    let text = try await patch("\niommu: fix it\n\nBecause\nof this.\n---\n\(diff)")
    #expect(text.subject == "iommu: fix it")
    #expect(text.body == "Because\nof this.")
    #expect(text.diffLine == 7)
    #expect(text.author.name == "unknown")
    #expect(text.diff == Array(diff.utf8))
  }

  @Test func readsDatesAsPeopleWriteThem() async throws {
    let mail = "From: A <a@b>\nDate: Thu 28 May 2026 22:30:40 +0200\nSubject: [PATCH] mailed\n\nBody.\n---\n\(diff)"
    #expect(try await patch(mail).author.seconds == 1_780_000_240)
  }

  @Test func readsDEP3() async throws {
    let described = try await patch(
      "Description: fix it\n Because\n .\n of this.\nAuthor: A <a@b>\nForwarded: no\n\nMore.\n\(diff)")
    #expect(described.subject == "fix it")
    #expect(described.body == "Because\n\nof this.\n\nMore.")
    #expect(described.author.email == "a@b")
    let subject = try await patch("From: A <a@b>\nSubject: [PATCH] fix\n it\n\nBody.\n\(diff)")
    #expect(subject.subject == "fix it")
    #expect(subject.body == "Body.")
  }

  @Test func readsMailsInTheSeriesOrder() async throws {
    let mail =
      "From: A <a@b>\nDate: Thu, 28 May 2026 22:30:40 +0200\nSubject: [PATCH 2/9] mailed\n\nBody.\n---\n\(diff)"
    let series = try await PatchReader.series(quilt: [("a", Array(mail.utf8)), ("b", Array(diff.utf8))])
    #expect(series.patches.map(\.subject) == ["mailed", "b"])
    #expect(series.patches.map(\.number) == [1, 2])
    #expect(series.patches.map(\.total) == [2, 2])
    let failure = await #expect(throws: Failure.self) { try await patch("fix it\n") }
    #expect(failure?.findings.first?.message == "patch holds no diff that git reads")
  }
}
