import Foundation
import GitBinary
import Testing

/// `mail` on a small series. Needs no kernel.
@Suite(.serialized) struct MailTests {
  @Test func writesWhatGitSendsToTheRightPeople() async throws {
    let small = try SmallMigration()
    try await signedAndVerified(small)
    let run = try await small.mail()
    try #require(run.status == 0, "\(run.error)")
    #expect(
      run.output.hasPrefix(
        """
        TCCCC  linux-kernel@vger.example.com
        T·CCC  drivers@lists.example.com
        ·T··T  Core Maintainer <core@example.com>
        ··TTT  Driver Maintainer <driver@example.com>
        ··CCC  José (Reviews) <reviewer@example.com>

        """), "\(run.output)")

    let files = try small.files(of: "mails").sorted { $0.key < $1.key }
    let sent = try await Command.git(
      [
        "send-email", "--dry-run", "--no-thread", "--suppress-cc=self", "--smtp-server=localhost",
        "--from=C O Mitter <committer@example.com>",
      ] + files.map { "\(small.folder)/mails/\($0.key)" }, in: small.folder)
    try #require(sent.status == 0, "\(sent.output)\(sent.error)")
    let mails = sent.output.components(separatedBy: "Dry-OK. Log says:\n").dropFirst()
    let recipients = mails.map { Set($0.matches(of: #/(?m)^RCPT TO:<(.*)>$/#).map { String($0.1) }) }
    let lists: Set = ["drivers@lists.example.com", "linux-kernel@vger.example.com"]
    let core: Set = ["core@example.com", "linux-kernel@vger.example.com"]
    let drivers = lists.union(["driver@example.com", "reviewer@example.com"])
    // The second patch has a tag by someone who gets a copy.
    #expect(recipients == [lists, core, drivers.union(["r@example.com"]), drivers, drivers.union(core)])

    func field(_ name: String) -> [String?] {
      mails.map { mail in
        let line = mail.split(separator: "\n").first { $0.lowercased().hasPrefix(name + ": ") }
        return line.map { String($0.dropFirst(name.count + 2)) }
      }
    }
    let ids = field("message-id").compactMap(\.self)
    try #require(Set(ids).count == 5 && ids.allSatisfy { $0.hasSuffix("-committer@example.com>") })
    for answer in ["in-reply-to", "references"] {
      #expect(field(answer) == [nil] + [String?](repeating: ids[0], count: 4))
    }
  }

  /// The mails are the patches with headers added, and the cover letter says how they were tested.
  @Test func addsFieldsAndHowItWasTested() async throws {
    let small = try SmallMigration()
    try await signedAndVerified(small)
    #expect(try await small.mail().status == 0)
    let testing = """
      Testing:

      `seriesmith verify` compiled what each patch affects, and linked it,
      without a new warning in:

       - fake allmodconfig LLVM=-19

      Of each patch, kernel-doc, sparse and checkpatch.pl --strict have nothing
      new to say.


      """
    for (name, mail) in try small.files(of: "mails") {
      let added = #/(?m)^(Message-ID|In-Reply-To|References|To|Cc): .*\n( .*\n)*/#
      let patch = mail.replacing(added, with: "").replacing(testing, with: "")
      #expect(patch == (try small.files()[name]), "\(name)")
    }
    #expect(try small.files(of: "mails")["0000-cover-letter.patch"]?.contains(testing) == true)
  }

  /// A merged report of shards counts as verified.
  @Test func whatShardsHaveSaidCounts() async throws {
    let small = try SmallMigration()
    #expect(try await small.generate(["--signoff"]).status == 0)
    for index in 1...2 {
      let shard = try await small.verify(options: ["--shard", "\(index)/2", "--json", "\(index).json"])
      #expect(shard.status == 0, "\(shard.output)\(shard.error)")
    }
    #expect(try await small.mail().status == 1)
    let merged = try await small.run(["verify", "--merge", "1.json", "2.json"])
    #expect(merged.status == 0, "\(merged.error)")
    #expect(try await small.mail().status == 0)

    try small.edit("out/0001-ops-add-fetch.patch", "Callers want", "Users want")
    #expect(try await small.mail().status == 1)
    let other = try await small.verify(options: ["--shard", "2/2", "--json", "2.json"])
    #expect(other.status == 0)
    let mixed = try await small.run(["verify", "--merge", "1.json", "2.json"])
    #expect(mixed.status == 65)
    #expect(mixed.error.contains("2.json: error: text of the patches differs from that of 1.json"), "\(mixed.error)")
  }

  @Test func tellsWhatWasMeasured() async throws {
    let small = try SmallMigration()
    try await signedAndVerified(small)
    try small.write(try await Self.proof(of: small), to: "proof.json")
    let run = try await small.mail("out", ["--proof", "proof.json"])
    #expect(run.status == 0, "\(run.error)")
    let letter = try #require(try small.files(of: "mails")["0000-cover-letter.patch"])
    #expect(
      letter.contains(
        """
        Why it is done.

        Measured under QEMU by `seriesmith prove`:

        Tests, of which none passes at the base and fails with the series:

         - selftests, after every patch: 15 of 15 pass
         - iommufd, after the last patch: 4 of 5 pass

        Page table walks to unmap memory:

         - vfio, 2 MiB in leaves of 2 MiB: 512 before, 1 after

        Testing:

        """), "\(letter)")
  }

  @Test(arguments: [
    ("\"holds\"", "\"fails\"", "proof.json: error: says that the series does not hold (fails)\n"),
    ("\"trees\": [", "\"trees\": [\"12\", ", "proof.json: error: is about other patches or another base\n"),
  ])
  func refusesWhatIsNotProven(old: String, new: String, reason: String) async throws {
    let small = try SmallMigration()
    try await signedAndVerified(small)
    try small.write(try await Self.proof(of: small).replacing(old, with: new), to: "proof.json")
    let run = try await small.mail("out", ["--proof", "proof.json"])
    #expect(run.status == 1)
    #expect(run.error.contains(reason + "    seriesmith prove out --json proof.json\n"), "\(run.error)")
    #expect(!FileManager.default.fileExists(atPath: small.folder + "/mails"))
  }

  @Test func refusesAProofThatIsNone() async throws {
    let small = try SmallMigration()
    try await signedAndVerified(small)
    try small.write(try await Self.proof(of: small).replacing("prove/1", with: "verify/1"), to: "proof.json")
    let run = try await small.mail("out", ["--proof", "proof.json"])
    #expect(run.status == 65)
    #expect(run.error.contains("proof.json: error: is not a 'seriesmith.prove/1' report\n"), "\(run.error)")
  }

  /// A report of `prove` on the four patches.
  private static func proof(of small: SmallMigration) async throws -> String {
    #expect(try await small.verify(options: ["--json", "verified.json"]).status == 0)
    let data = try #require(FileManager.default.contents(atPath: small.folder + "/verified.json"))
    let verified = try JSONDecoder().decode(Verified.self, from: data)
    let trees = [verified.base.tree] + verified.commits.map(\.tree)
    return """
      {
        "schema": "seriesmith.prove/1", "verdict": "holds", "findings": [],
        "trees": ["\(trees.joined(separator: "\", \""))"],
        "suites": [
          {"state": 0, "name": "selftests: a", "passed": 9, "failed": 0, "skipped": 0},
          {"state": 0, "name": "iommufd: b", "passed": 4, "failed": 1, "skipped": 0},
          {"state": 1, "name": "selftests: a", "passed": 9, "failed": 0, "skipped": 1},
          {"state": 4, "name": "selftests: a", "passed": 10, "failed": 0, "skipped": 0},
          {"state": 4, "name": "selftests: c", "passed": 5, "failed": 0, "skipped": 0},
          {"state": 4, "name": "iommufd: b", "passed": 4, "failed": 1, "skipped": 0}
        ],
        "walks": [{"path": "vfio", "bytes": 2097152, "leaf": 2097152, "before": 512, "after": 1}]
      }
      """
  }

  private struct Verified: Decodable {
    var base: Tree
    var commits: [Tree]

    struct Tree: Decodable {
      var tree: String
    }
  }

  @Test func refusesWhatNobodyVerified() async throws {
    let small = try SmallMigration()
    #expect(try await small.generate(["--signoff"]).status == 0)
    try await expectRefusal(small, "error: these patches are not verified as they are now\n    seriesmith verify out")
  }

  @Test(arguments: [
    ("0000-cover-letter.patch", "Why it is done.", "Why it is done!"),
    ("0003-drivers-implement-fetch.patch", "+\t\t*length = 1;", "+\t\t*length = 2;"),
    ("0004-ops-remove-get.patch", " 2 files changed", " 3 files changed"),
  ])
  func refusesWhatWasChangedSinceItWasVerified(file: String, old: String, new: String) async throws {
    let small = try SmallMigration()
    try await signedAndVerified(small)
    try small.edit("out/" + file, old, new)
    try await expectRefusal(small, "error: these patches are not verified as they are now\n")
    try small.edit("out/" + file, new, old)
    #expect(try await small.mail().status == 0)
  }

  @Test func refusesAnotherBase() async throws {
    let small = try SmallMigration()
    try await signedAndVerified(small)
    try small.kernel.write("more\n", to: "COPYING")
    try small.kernel.commit("next")
    let run = try await small.run(
      ["mail", "out", "--tree", small.kernel.path, "--lanes", "lanes.yaml", "--output", "mails"])
    #expect(run.status == 1)
    #expect(run.error.contains("error: these patches are not verified as they are now\n"), "\(run.error)")
  }

  @Test(arguments: [
    (
      "core/ops.yaml", #"int *length);\n""#, #"unheard *length);\n""#,
      [
        "error: the series does not stand (falls)\n", "include/linux/ops.h:3:",
        "error: patch 1, compile: unknown type name 'unheard'",
      ]
    ),
    (
      "core/ops.yaml", #"int *length);\n""#, #"int *length);\n\t/* UNDESCRIBED fetch */\n""#,
      [
        "error: the series does not stand (falls)\n",
        "include/linux/ops.h:4: error: patch 1, kernel-doc: 'fetch' not described\n",
      ]
    ),
    (
      "callers/twice.yaml", #"int length;\n"#, #"int length, *no = 0;\n"#,
      [
        "error: the series does not stand (falls)\n", "error: patch 2, sparse: Using plain integer as NULL pointer",
      ]
    ),
  ])
  func refusesWhatFalls(file: String, old: String, new: String, reasons: [String]) async throws {
    let small = try SmallMigration()
    try small.edit("series/" + file, old, new)
    #expect(try await small.generate(["--signoff"]).status == 0)
    let verified = try await small.verify()
    #expect(verified.status == 1, "\(verified.output)\(verified.error)")
    for reason in reasons { try await expectRefusal(small, reason) }
  }

  @Test func refusesRemarksOfCheckpatchThatNobodyAccepts() async throws {
    let small = try SmallMigration()
    try small.edit("series/core/ops.yaml", #"int *length);\n""#, #"int *length);\t/* XXX */\n""#)
    try await signedAndVerified(small)
    try await expectRefusal(
      small,
      """
      include/linux/ops.h:3: error: patch 1, style: say what is to be done [XXX]
          fix it, or say in out/accepted.yaml why it is intended

      """)
    try small.write(
      """
      accepted:
        - {check: style, file: include/linux/ops.h, message: 'say what is to be done [XXX]', why: It says so.}

      """, to: "series/accepted.yaml")
    try await signedAndVerified(small)
    let run = try await small.mail()
    #expect(run.status == 0, "\(run.error)")
  }

  @Test func refusesPatchesOfOneSubject() async throws {
    let small = try SmallMigration()
    #expect(try await small.generate(["--signoff"]).status == 0)
    try small.edit("out/0003-drivers-implement-fetch.patch", "drivers: implement fetch", "twice: use fetch")
    #expect(try await small.verify().status == 0)
    try await expectRefusal(
      small,
      """
      out/0003-drivers-implement-fetch.patch: error: the subject 'twice: use fetch' is taken
          by out/0002-twice-use-fetch.patch

      """)
  }

  @Test func refusesWhatIsNotSignedOff() async throws {
    let small = try SmallMigration()
    #expect(try await small.generate().status == 0)
    #expect(try await small.verify().status == 0)
    for who in ["A U Thor <author@example.com>", "C O Mitter <committer@example.com>"] {
      try await expectRefusal(small, "out/0004-ops-remove-get.patch: error: is not signed off by \(who)\n")
    }
  }

  @Test func refusesMoreThanListsTakeAtOnce() async throws {
    let small = try SmallMigration()
    for number in 1...16 {
      try small.kernel.write("\(number)\n", to: "COPYING")
      try small.kernel.commit(
        "copying: state \(number)\n\nWhy.\n\nSigned-off-by: A U Thor <author@example.com>\n"
          + "Signed-off-by: C O Mitter <committer@example.com>\n")
    }
    try small.kernel.git("format-patch", "--quiet", "--output-directory", small.folder + "/out", "base..main")
    let verified = try await small.verify()
    #expect(verified.status == 0, "\(verified.output)")
    try await expectRefusal(small, "error: 16 patches are more than the 15 that lists take at once\n")
    let run = try await small.mail("out", ["--allow-many"])
    #expect(run.status == 0, "\(run.error)")
  }

  @Test func refusesToWriteOverThePatches() async throws {
    let small = try SmallMigration()
    let run = try await small.run(["mail", "out", "--tree", small.kernel.path, "--output", "./out/"])
    #expect(run.status == 64)
    #expect(run.error.contains("--output is the folder of the patches"))
  }

  private func signedAndVerified(_ small: SmallMigration) async throws {
    let generated = try await small.generate(["--signoff"])
    try #require(generated.status == 0, "\(generated.error)")
    let verified = try await small.verify()
    try #require(verified.status == 0, "\(verified.output)\(verified.error)")
  }

  private func expectRefusal(
    _ small: SmallMigration, _ reason: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let run = try await small.mail()
    #expect(run.status == 1, "\(run.output)\(run.error)", sourceLocation: sourceLocation)
    #expect(run.error.contains(reason), "\(run.error)", sourceLocation: sourceLocation)
    #expect(!FileManager.default.fileExists(atPath: small.folder + "/mails"), sourceLocation: sourceLocation)
  }
}
