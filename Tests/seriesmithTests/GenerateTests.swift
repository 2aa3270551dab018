import Foundation
import GitBinary
import Testing

/// What `generate` writes for a small series. Needs no kernel.
@Suite struct GenerateTests {
  @Test func anotherMachineGivesTheSameBytes() async throws {
    let small = try SmallMigration()
    let here = try await small.generate()
    try #require(here.status == 0, "\(here.error)")
    let machine = try OtherMachine(home: small.folder + "/home")
    let clone = small.folder + "/elsewhere.git"
    try await machine.clone(small.kernel.path, to: clone)
    let gits = try await Command.git(["show", "--format=", "base"], in: clone)
    try #require(gits.output.contains("\ndiff --git Makefile Makefile\n"), "the settings are in force: \(gits)")
    let expected = try small.files()
    #expect(expected.count == 5)

    try FileManager.default.moveItem(atPath: small.folder + "/out", toPath: small.folder + "/first")
    let there = try await small.generate(
      on: clone, environment: machine.environment.merging(["SERIESMITH_CACHE": small.folder + "/other"]) { $1 })
    #expect(there.status == 0, "\(there.error)")
    #expect(there.output == here.output)
    #expect(try small.files() == expected)
  }

  @Test func signsOffAsGitsIdentityBehindTheOtherTrailers() async throws {
    let small = try SmallMigration()
    try small.write("[user]\n\tname = J\u{f6}rg Ther\n\temail = other@example.org\n", to: "gitconfig")
    let signed = try await small.generate(["--signoff"])
    try #require(signed.status == 0, "\(signed.error)")
    let trailer = "Signed-off-by: J\u{f6}rg Ther <other@example.org>"
    let patches = try small.files().filter { !$0.key.hasPrefix("0000") }
    #expect(patches.count == 4)
    for (name, patch) in patches {
      let message = patch.prefix(upTo: try #require(patch.range(of: "\n---\n")).lowerBound)
      #expect(message.contains("\nFrom: =?UTF-8?q?J=C3=B6rg=20Ther?= <other@example.org>\n"), "\(name)")
      #expect(
        message.hasSuffix((name.hasPrefix("0002") ? "\nReviewed-by: R <r@example.com>\n" : "\n\n") + trailer), "\(name)"
      )
    }
    // Without --signoff there is no sign-off, even if git has an identity.
    _ = try await small.generate()
    #expect(try small.files().allSatisfy { !$0.value.contains("Signed-off-by") && !$0.value.contains("Ther <other") })
  }

  @Test func inventsNobodyToSignOff() async throws {
    let small = try SmallMigration()
    let run = try await small.generate(["--signoff"], environment: ["GIT_CONFIG_GLOBAL": "/dev/null"])
    #expect(run.status == 64)
    #expect(run.error.contains("error: git does not know who you are\n    git config --global user.name"))
    #expect(!FileManager.default.fileExists(atPath: small.folder + "/out"))
  }

  @Test func aRerollSaysSoEverywhere() async throws {
    let small = try SmallMigration()
    let run = try await small.generate(["--reroll", "2"])
    #expect(run.status == 0, "\(run.error)")
    let files = try small.files().sorted { $0.key < $1.key }
    #expect(
      files.map(\.key) == [
        "v2-0000-cover-letter.patch", "v2-0001-ops-add-fetch.patch", "v2-0002-twice-use-fetch.patch",
        "v2-0003-drivers-implement-fetch.patch", "v2-0004-ops-remove-get.patch",
      ])
    for (number, file) in files.enumerated() {
      #expect(file.value.contains("\nSubject: [PATCH v2 \(number)/4] "), "\(file.key)")
      #expect(file.value.contains(#/\d+ files? changed, /#), "\(file.key) has no diffstat")
      let ids = file.value.matches(of: #/(?m)^index ([0-9a-f]+)\.\.([0-9a-f]+)/#)
      #expect(ids.isEmpty == (number == 0) && ids.allSatisfy { $0.1.count == 12 && $0.2.count == 12 }, "\(file.key)")
    }
  }

  /// The changelog is below the `---`, where only readers of the mail see it.
  @Test func aRerollTellsWhatChanged() async throws {
    let small = try SmallMigration()
    try small.edit(
      "series/series.yaml", "message: Nobody calls it.",
      "message: Nobody calls it., changes: {2: ' - new', 3: ' - mended'}")
    try small.edit("series/series.yaml", "cover: {", "cover: {changes: {2: ' - a patch more'}, ")
    for (reroll, changes) in [
      ("1", ""), ("2", "\nChanges in v2:\n - new\n\n"),
      ("3", "\nChanges in v3:\n - mended\n\nChanges in v2:\n - new\n\n"),
    ] {
      #expect(try await small.generate(["--reroll", reroll]).status == 0)
      let files = try small.files().sorted { $0.key < $1.key }.map(\.value)
      #expect(files.last?.contains("\n\nNobody calls it.\n---\n\(changes) drivers/twice.c ") == true)
      #expect(
        files.first?.contains("Why it is done.\n\nChanges in v2:\n - a patch more\n\nA U Thor (4):") == (reroll > "1"))
    }
  }

  @Test func aPatchForEachDriverLeavesTheSameTreeAndStands() async throws {
    let small = try SmallMigration()
    let whole = try await small.generate()
    let split = try await small.generate(["--split", "per-driver"])
    try #require(split.status == 0, "\(split.error)")
    #expect(split.output.split(separator: "\n").last == whole.output.split(separator: "\n").last)
    #expect(
      try small.files().keys.sorted() == [
        "0000-cover-letter.patch", "0001-ops-add-fetch.patch", "0002-twice-use-fetch.patch",
        "0003-main-implement-fetch.patch", "0004-part-implement-fetch.patch", "0005-ops-remove-get.patch",
      ])
    let verified = try await small.verify()
    #expect(verified.output.contains("\nstands: 5 commits"), "\(verified.output)\(verified.error)")
  }

  /// The branch has a commit per patch, after an empty commit that b4 recognizes as the cover letter.
  @Test func makesABranchOfTheCommits() async throws {
    let small = try SmallMigration()
    try small.edit(
      "series/series.yaml", "message: Nobody calls it.", "message: Nobody calls it., changes: {2: '- new'}")
    let run = try await small.generate(["--reroll", "3", "--branch", "topic/fetch"])
    try #require(run.status == 0, "\(run.error)")
    #expect(
      try small.kernel.text("log", "--reverse", "--format=%an %cn %s", "base..topic/fetch") == """
        C O Mitter C O Mitter ops: fetch in place of get
        A U Thor C O Mitter ops: add fetch
        A U Thor C O Mitter twice: use fetch
        A U Thor C O Mitter drivers: implement fetch
        A U Thor C O Mitter ops: remove get
        """)
    #expect(run.output.hasSuffix("tree \(try small.kernel.tree("topic/fetch"))\n"))
    #expect(try small.kernel.tree("topic/fetch~4") == small.kernel.tree("base"))
    #expect(
      try small.kernel.text("show", "-s", "--format=%b", "topic/fetch").hasPrefix(
        "Nobody calls it.\n---\nChanges in v2:\n- new"))
    #expect(try small.kernel.text("show", "-s", "--format=%b", "topic/fetch~1").hasPrefix("Drivers know the length."))
    let cover = try small.kernel.text("show", "-s", "--format=%B", "topic/fetch~4")
    let parts = cover.components(separatedBy: "\n--- b4-submit-tracking ---\n# This section")
    #expect(parts[0] == "ops: fetch in place of get\n\nWhy it is done.\n")
    let record = try #require(parts.last?.firstIndex(of: "{").map { parts[1][$0...] })
    let tracking = try JSONSerialization.jsonObject(with: Data(record.utf8)) as? [String: [String: Any]]
    #expect(tracking?["series"]?["revision"] as? Int == 3)
    #expect((tracking?["series"]?["change-id"] as? String)?.wholeMatch(of: #/\d{8}-small-[0-9a-f]{12}/#) != nil)
    #expect(try small.kernel.text("fsck", "--full", "--strict") == "")
  }

  @Test func leavesAllElseInTheRepositoryAsItIs() async throws {
    let small = try SmallMigration()
    let before = try Inventory(of: small.kernel.path)
    #expect(try await small.generate(["--branch", "fetch"]).status == 0)
    let changed = try Inventory(of: small.kernel.path).differences(from: before)
    let expected = #/\.git/(objects|refs/heads|logs/refs/heads)(/.*)?/#
    #expect(changed.contains(".git/refs/heads/fetch"))
    #expect(changed.filter { $0.wholeMatch(of: expected) == nil } == [])
  }

  @Test(arguments: [
    ("main", "already has a branch 'main'"), ("a..b", "'a..b' cannot be the name of a branch"),
  ])
  func aBranchHasToBeNew(name: String, message: String) async throws {
    let small = try SmallMigration()
    let before = try Inventory(of: small.kernel.path)
    let run = try await small.generate(["--branch", name])
    #expect(run.status == 64)
    #expect(run.error.contains(message), "\(run.error)")
    #expect(try Inventory(of: small.kernel.path).differences(from: before) == [])
    #expect(!FileManager.default.fileExists(atPath: small.folder + "/out"))
  }
}
