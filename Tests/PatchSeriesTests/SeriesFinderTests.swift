import Diagnostics
import PatchSeries
import Testing

/// Which of the messages of a thread are the series.
@Suite struct SeriesFinderTests {
  private func message(
    _ subject: String, id: String? = nil, references: String? = nil, text: String = "Body.\n", diff: String = "b",
    separator: String = "From mboxrd@z Thu Jan  1 00:00:00 1970"
  ) -> String {
    let change = "---\n a.c | 2 +-\n\ndiff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+\(diff)\n"
    return "\(separator)\nFrom: A U Thor <author@example.com>\nDate: Thu, 28 May 2026 22:30:40 +0200\n"
      + (id.map { "Message-ID: <\($0)>\n" } ?? "") + (references.map { "In-Reply-To: <\($0)>\n" } ?? "")
      + "Subject: \(subject)\n\n\(text)\(diff.isEmpty ? "" : change)-- \n2.39.5\n\n"
  }

  private func series(_ messages: String...) async throws -> Series {
    try await PatchReader.series(mbox: Array(messages.joined().utf8), file: "p")
  }

  private func failure(_ messages: String...) async -> Finding? {
    let failure = await #expect(throws: Failure.self) {
      try await PatchReader.series(mbox: Array(messages.joined().utf8), file: "p")
    }
    #expect(failure?.status == .input)
    return failure?.findings.first
  }

  @Test func leavesOutTheTalk() async throws {
    let series = try await series(
      message("Re: [PATCH 1/2] one", text: "> diff --git a/a.c b/a.c\n\nLooks good.\n", diff: ""),
      message("[PATCH 2/2] two"), message("iommu: a question", diff: ""), message("[PATCH 0/2] all", diff: ""),
      message("Re: [PATCH 2/2] two", text: "Rather:\n", diff: "c"), message("[PATCH 1/2] one"))
    #expect(series.patches.map(\.subject) == ["one", "two"])
    #expect(series.cover?.subject == "all")
    #expect(series.warnings.map(\.message) == ["reply 'Re: two' holds a diff that is not part of the series"])
    #expect(series.warnings.first?.place?.line == 51)
  }

  @Test func takesTheNewestVersion() async throws {
    let series = try await series(
      message("[PATCH v2 1/2] one", diff: "v2"), message("[PATCH v2 2/2] two", diff: "v2"),
      message("[PATCHv3 1/3] one", diff: "v3"), message("[PATCH v3 2/3] more", diff: "v3"),
      message("[PATCH v3 3/3] two", diff: "w3"), message("[PATCH] one", diff: "v1"))
    #expect(series.patches.map(\.subject) == ["one", "more", "two"])
    #expect(series.patches.map(\.reroll) == [3, 3, 3])
    #expect(
      series.warnings.map(\.message) == [
        "version 2 of the series is left out: version 3 is newer",
        "version 1 of the series is left out: version 3 is newer",
      ])
    #expect(series.warnings.allSatisfy { $0.severity == .warning })
  }

  @Test func aPatchReplacedAloneLeavesTheOthersMissing() async {
    let finding = await failure(
      message("[PATCH 1/2] one"), message("[PATCH 2/2] two"), message("[PATCH v2 2/2] two", diff: "c"))
    #expect(finding?.message == "patch 1 of 2 is missing")
    #expect(finding?.notes.last == "version 1 of the series is left out: version 2 is newer")
  }

  @Test func takesADuplicateOnce() async throws {
    // By two lists, one with a footer; and once more without an id.
    let series = try await series(
      message("[PATCH 1/1] one", id: "1@x"),
      message("[PATCH 1/1] one", id: "1@x").replacing("2.39.5", with: "2.39.5\n______\nlist\n"),
      message("[PATCH 1/1] one"))
    #expect(series.patches.count == 1)
    let finding = await failure(message("[PATCH 1/1] one", id: "1@x"), message("[PATCH 1/1] one", id: "1@x", diff: "c"))
    #expect(finding?.message == "two messages have the Message-ID <1@x> but different diffs")
  }

  @Test func refusesTwoSeries() async {
    let totals = await failure(message("[PATCH 1/2] one"), message("[PATCH 1/3] other"))
    #expect(totals?.message == "two different series: 'one' (1/2) and 'other' (1/3)")
    #expect(totals?.place == Place("p", line: 22))
    let covers = await failure(message("[PATCH 0/1] all", diff: ""), message("[PATCH 0/1] else", diff: ""))
    #expect(covers?.message == "two different series: 'all' (0/1) and 'else' (0/1)")
    let versions = await failure(message("[PATCH v2 1/1] one"), message("[PATCH 1/1] other", diff: "c"))
    #expect(versions?.message == "two different series: 'other' (1/1) and 'one' (v2 1/1)")
    let loose = await failure(message("[PATCH 1/1] one"), message("[PATCH] other", diff: "c"))
    #expect(loose?.message == "two different series: 'one' (1/1) and 'other'")
    let cover = await failure(message("[PATCH 0/2] all", diff: ""))
    #expect(cover?.message == "patch 1 of 2 is missing")
  }

  @Test func knowsARenamedSeriesByItsThread() async throws {
    let series = try await series(
      message("[PATCH 1/1] other", id: "1@x"), message("[PATCH v2 1/1] one", references: "1@x", diff: "c"))
    #expect(series.patches.map(\.subject) == ["one"])
  }

  @Test func keepsLooseTextInItsOrder() async throws {
    let series = try await series(
      message("[PATCH] z"), message("[PATCH] a", diff: "c"), message("[PATCH v2] z", diff: "d"))
    #expect(series.patches.map(\.subject) == ["a", "z"])
    #expect(series.warnings.map(\.message) == ["version 1 of 'z' is left out: version 2 is newer"])
  }

  @Test func unquotesWhatAnMboxQuoted() async throws {
    let text = ">From here.\n>>From there.\n"
    var bodies: [String] = []
    for sender in ["From mboxrd@z", "From user@host", "From git@z"] {
      let mail = message("[PATCH] a", text: text, separator: sender + " Thu Jan  1 00:00:00 1970")
      bodies.append(try await series(mail).patches[0].body)
    }
    // No other mbox says how it quotes, and git am takes it as it stands.
    #expect(bodies == ["From here.\n>From there.", ">From here.\n>>From there.", ">From here.\n>>From there."])
  }
}
