import Diagnostics
import PatchSeries
import Testing

/// Which of the messages of a thread are the series.
@Suite struct SeriesFinderTests {
  private func message(
    _ subject: String, id: String? = nil, references: String? = nil, text: String = "Body.\n", diff: String = "b",
    from: String = "A U Thor <author@example.com>", year: Int = 2026,
    separator: String = "From mboxrd@z Thu Jan  1 00:00:00 1970"
  ) -> String {
    let change = "---\n a.c | 2 +-\n\ndiff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+\(diff)\n"
    return "\(separator)\nFrom: \(from)\nDate: 28 May \(year) 22:30:40 +0200\n"
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

  /// As `git format-patch` writes a commit, its revert and the commit again: the first and the last differ in their ids.
  @Test func aPatchThatIsAppliedAgainIsNoCopy() async throws {
    func commit(_ digit: Character, _ subject: String) -> String {
      message("[PATCH] " + subject, separator: "From \(String(repeating: digit, count: 40)) Mon Sep 17 00:00:00 2001")
    }
    let again = try await series(commit("1", "one"), commit("2", "Revert \"one\""), commit("3", "one"))
    #expect(again.patches.map(\.subject) == ["one", "Revert \"one\"", "one"])
    let copies = try await series(commit("1", "one"), commit("1", "one"))
    #expect(copies.patches.count == 1)
    #expect(copies.warnings.map(\.message) == ["message 'one' is here twice: taken once"])
  }

  @Test func aPatchMayHaveTheNumberOfACover() async throws {
    let series = try await series(message("[PATCH 0/1] one"), message("[PATCH 1/1] two"))
    #expect(series.patches.map(\.subject) == ["one", "two"])
  }

  @Test(arguments: [
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0x00], "file is compressed with xz"),
    (Array("BZh91AY".utf8), "file is compressed with bzip2"), ([0xFF, 0xFE, 0x64, 0x00], "file is in UTF-16"),
    ([], "file holds neither a mail nor a diff that git reads"),
    (Array("<html>404</html>\n".utf8), "file holds neither a mail nor a diff that git reads"),
    (Array("*** a/a.c\n--- b/a.c\n".utf8), "file holds neither a mail nor a diff that git reads"),
  ])
  func aFileThatIsNoPatchIsNotPassedOver(bytes: [UInt8], message text: String) async throws {
    let good = Array(message("[PATCH] one").utf8)
    let failure = await #expect(throws: Failure.self) {
      try await PatchReader.series([("0001.patch", good), ("0002.patch", bytes)])
    }
    #expect(failure?.findings.first?.message == text)
    #expect(failure?.findings.first?.place?.file == "0002.patch")
  }

  @Test func aByteOrderMarkIsNoPartOfAMail() async throws {
    let bytes = [0xEF, 0xBB, 0xBF] + Array(message("[PATCH] one").utf8)
    let failure = await #expect(throws: Failure.self) { try await PatchReader.series([("0001.patch", bytes)]) }
    #expect(failure?.findings.first?.message == "file begins with a byte order mark, so git takes it for no patch")
  }

  @Test func saysWhereFilesHaveAnotherOrderThanSubjects() async throws {
    let (one, two) = (Array(message("[PATCH 1/2] one").utf8), Array(message("[PATCH 2/2] two").utf8))
    let renamed = try await PatchReader.series([("0002-two.patch", two), ("0003-one.patch", one)])
    #expect(renamed.patches.map(\.subject) == ["one", "two"])
    #expect(
      renamed.warnings.map(\.message) == [
        "the patches are taken in the order of the numbers in their subjects, not of their files"
      ])
    #expect(try await PatchReader.series([("0001-one.patch", one), ("0002-two.patch", two)]).warnings.isEmpty)
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

  @Test func takesTheOthersFromTheVersionBefore() async throws {
    let series = try await series(
      message("[PATCH 1/2] one"), message("[PATCH 2/2] two"), message("[PATCH v2 2/2] two", diff: "c"))
    #expect(series.patches.map(\.subject) == ["one", "two"])
    #expect(series.patches.map(\.reroll) == [1, 2])
    #expect(
      series.warnings.map(\.message) == [
        "version 2 has only 1 of 2 patches: the others are taken from version 1"
      ])
    #expect(series.isWhole)
    // By b4, `v2.1` replaces some of `v2`.
    let minor = try await self.series(
      message("[PATCH v2 1/2] one"), message("[PATCH v2 2/2] two"), message("[PATCH v2.1 1/2] one", diff: "c"))
    #expect(minor.warnings.count == 1)
    #expect(minor.patches.count == 2)
  }

  @Test func namesWhatIsMissing() async throws {
    let one = try await series(message("[PATCH 5/8] one"))
    #expect(one.patches.map(\.number) == [5])
    #expect(one.warnings.map(\.message) == ["only patch 5 of 8 is here: what is here is checked without the rest"])
    #expect(one.warnings.first?.notes.first == "missing: 1, 2, 3, 4, 6, 7, 8")
    let gap = try await series(message("[PATCH 1/3] one"), message("[PATCH 3/3] three"))
    #expect(
      gap.warnings.map(\.message) == ["patch 2 of 3 is missing: what is here is checked without the rest"])
    #expect(!one.isWhole && !gap.isWhole)
    let huge = try await series(message("[PATCH 1/999999] one"), message("[PATCH 2/999999] two"))
    #expect(huge.warnings.first?.message.hasPrefix("999997 of 999999 patches are missing") == true)
  }

  @Test(arguments: [
    "[PATCH 1/2] one", "[some-list] [PATCH 1/2] one", "[PATCH1/2] one", "[PATCH 1 of 2] one", "[PATCHv3,1/2] one",
    "[PATCH v3, 1/2] one", "[RFCv3 1/2] one", "[PATCHv3.1/2] one", "[some-list][PATCH,v3,1/2] one",
  ])
  func readsNumbersAsPeopleWriteThem(subject: String) async throws {
    let second =
      subject.contains("v3.1") ? "[PATCHv3.1 2/2] two" : subject.contains("v3") ? "[PATCH v3 2/2] two" : "[2/2] two"
    let first = subject.replacing("v3.1/2", with: "v3.1 1/2")
    let series = try await series(message(second), message(first))
    #expect(series.patches.map(\.subject) == ["one", "two"])
    #expect(series.warnings.isEmpty)
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

  @Test func takesSeveralSeriesInTheirOrder() async throws {
    let series = try await series(
      message("[PATCH 2/2] b", diff: "2"), message("[PATCH 1/3] c", diff: "3"), message("[PATCH 1/2] a", diff: "1"),
      message("[PATCH] d", diff: "4"), message("[PATCH 1/2] e", diff: "5"))
    // Those of a series by their numbers, where the series stands.
    #expect(series.patches.map(\.subject) == ["a", "c", "b", "d", "e"])
    #expect(series.warnings.map(\.severity) == [.warning, .warning, .note])
    #expect(series.warnings.last?.message == "4 series, applied in the order in which they are here")
    #expect(series.warnings.last?.notes == ["'b' (2/2)", "'c' (1/3)", "'d'", "'e' (1/2)"])
    #expect(!series.isWhole)
    let versions = try await self.series(message("[PATCH v2 1/1] one"), message("[PATCH 1/1] other", diff: "c"))
    #expect(versions.patches.map(\.subject) == ["one", "other"])
  }

  @Test func findsTheCoverLetterOfASeries() async throws {
    let newer = try await series(message("[PATCH v3 0/1] all", diff: ""), message("[PATCH 1/1] one"))
    #expect(newer.cover?.subject == "all")
    #expect(newer.warnings.map(\.message) == ["cover letter says version 3, but its patches say version 1"])
    let two = try await series(
      message("[PATCH 0/1] all", diff: ""), message("[PATCH 0/1] else", diff: ""), message("[PATCH 1/1] one"))
    #expect(two.warnings.map(\.message) == ["cover letter 'else' (0/1) has no patches here"])
    let cover = await failure(message("[PATCH 0/2] all", diff: ""))
    #expect(cover?.message == "patch 1 of 2 is missing")
  }

  @Test func leavesOutAnswersThatLookLikePatches() async throws {
    let bot = try await series(
      message("[PATCH 1/2] one", diff: "1"), message("[PATCH 2/2] two", diff: "2"),
      message("[tip: core/urgent] two", references: "x@x", diff: "2"))
    #expect(bot.patches.map(\.subject) == ["one", "two"])
    #expect(
      bot.warnings.map(\.message) == ["message 'two' answers the series with a diff: it is left out"])
    let reply = try await series(message("[PATCH] one", id: "1@x"), message("[PATCH] one", references: "1@x", diff: ""))
    #expect(reply.patches.count == 1)
    #expect(
      reply.warnings.map(\.message) == ["message 'one' holds no diff and answers another: it is left out"])
    // What nothing shows to be an answer is not skipped.
    let bare = await failure(
      message("[PATCH 1/2] one", id: "1@x"), message("[PATCH 2/2] two", references: "1@x", diff: ""))
    #expect(bare?.message == "message 'two' holds no diff")
  }

  @Test func takesDiffsThatNobodyMailed() async throws {
    let diff = "--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+c\n"
    let files = [
      ("0-plain.diff", diff), ("1.patch", message("[PATCH 1/1] mailed")), ("2.txt", "Why.\n\n" + diff),
    ].map { (name: $0.0, bytes: Array($0.1.utf8)) }
    let series = try await PatchReader.series(files)
    #expect(series.patches.map(\.subject) == ["0-plain", "mailed", "Why."])
    #expect(series.patches[0].author.name == "unknown")
    #expect(series.warnings.map(\.severity) == [.note])
    let alone = try await PatchReader.series(mbox: Array(diff.utf8), file: "fix.diff.gz")
    #expect(alone.patches.map(\.subject) == ["fix"])
  }

  @Test func knowsARenamedSeriesByItsThread() async throws {
    let series = try await series(
      message("[PATCH 1/1] other", id: "1@x"), message("[PATCH v2 1/1] one", references: "1@x", diff: "c"))
    #expect(series.patches.map(\.subject) == ["one"])
  }

  /// A mended patch is often sent alone, as an answer to the one it replaces.
  @Test(arguments: [("[PATCH v2] one", nil), ("[PATCH v2] renamed", "1@x")])
  func aPatchWithoutANumberReplacesOne(subject: String, references: String?) async throws {
    let series = try await series(
      message("[PATCH 1/2] one", id: "1@x"), message("[PATCH 2/2] two", id: "2@x", references: "1@x"),
      message(subject, references: references, diff: "c"))
    #expect(series.patches.map(\.subject) == [String(subject.dropFirst("[PATCH v2] ".count)), "two"])
    #expect(series.patches.map(\.reroll) == [2, 1])
    #expect(
      series.warnings.map(\.message) == ["version 2 has only 1 of 2 patches: the others are taken from version 1"])
  }

  /// Some count the versions of the patch anew, others go on.
  @Test(arguments: ["[RFC PATCH v2] one", "[RFC v2] one", "[PATCH RFC v2] one"])
  func ofAnRFCAndAPatchTheLaterIsTheNewer(subject: String) async throws {
    for year in [2025, 2026] {
      let series = try await series(message(subject, diff: "c", year: year), message("[PATCH] one"))
      #expect(series.warnings.map(\.message) == ["version 2 (RFC) of 'one' is left out: version 1 is newer"])
    }
    let series = try await series(message("[PATCH] one"), message(subject, diff: "c", year: 2027))
    #expect(series.warnings.map(\.message) == ["version 1 of 'one' is left out: version 2 (RFC) is newer"])
  }

  @Test func leavesOutWhatABotSendsOnTop() async throws {
    let bot = "kernel test robot <lkp@example.com>"
    let series = try await series(
      message("[PATCH] one", id: "1@x"),
      message("[PATCH] fix cocci warnings", id: "2@x", references: "1@x", diff: "c", from: bot),
      message("[PATCH] two", id: "3@x", references: "1@x", diff: "d"))
    #expect(series.patches.map(\.subject) == ["one", "two"])
    #expect(
      series.warnings.map(\.message) == ["message 'fix cocci warnings' answers the series with a diff: it is left out"])
  }

  @Test func saysWhyThereIsNoDiff() async {
    let cut = await failure(message("[PATCH] one", text: "Text.\nFrom here on Mon Sep 17 00:00:00 2001\nmore\n"))
    #expect(cut?.notes == ["line 7 starts with 'From ', as the next mail of an mbox does: write '>From ' there"])
    let coloured = await failure(message("[PATCH] one", text: "\u{1b}[1mdiff --git a/a.c b/a.c\u{1b}[m\n", diff: ""))
    #expect(coloured?.notes == ["it holds escape sequences: write it with --color=never"])
    let combined = await failure(message("[PATCH] one", text: "---\ndiff --cc a.c\n", diff: ""))
    #expect(combined?.notes == ["line 7 starts a combined diff of a merge, which git passes over"])
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
    let noted = try await self.series(
      message("[PATCH] a", text: text, separator: "From git@z Thu Jan  1 00:00:00 1970"))
    #expect(noted.warnings.map(\.place?.line) == [6])
    #expect(bodies == ["From here.\n>From there.", ">From here.\n>>From there.", ">From here.\n>>From there."])
  }
}
