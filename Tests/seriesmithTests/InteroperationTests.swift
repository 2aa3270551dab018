import Foundation
import GitBinary
import Testing

/// The tools that read what `generate` writes accept it. Needs no kernel.
@Suite struct InteroperationTests {
  private let small: SmallMigration
  private let tree: String
  private let patches: [String]

  init() async throws {
    small = try SmallMigration()
    let run = try await small.generate(["--signoff", "--branch", "series"])
    try #require(run.status == 0, "\(run.error)")
    tree = try #require(run.output.split(separator: "\n").last?.split(separator: " ").last.map(String.init))
    let out = small.folder + "/out"
    patches = try small.files().keys.filter { !$0.hasPrefix("0000") }.sorted().map { "\(out)/\($0)" }
    try small.kernel.git("checkout", "--quiet", "--detach", "base")
  }

  @Test func gitAmMakesTheTree() throws {
    try small.kernel.git(["am", "--quiet"] + patches)
    #expect(try small.kernel.tree() == tree)
  }

  /// By the ids in the index lines, although the lines around a change differ.
  @Test func gitAmMergesOnAnotherBase() throws {
    let driver = try String(contentsOfFile: small.kernel.path + "/drivers/main.c", encoding: .utf8)
    try small.kernel.write(driver.replacing("\treturn y;\n", with: "\treturn y + 0;\n"), to: "drivers/main.c")
    try small.kernel.commit("main: add nothing")
    #expect(throws: ScratchRepository.CommandFailed.self) { try small.kernel.git(["am", "--quiet"] + patches) }
    try small.kernel.git("am", "--abort")
    try small.kernel.git(["am", "--quiet", "-3"] + patches)
    let merged = try String(contentsOfFile: small.kernel.path + "/drivers/main.c", encoding: .utf8)
    #expect(merged.contains("\t\t*length = 1;\n") && merged.contains("\treturn y + 0;\n"))
  }

  @Test func patchMakesTheTree() async throws {
    for path in patches {
      try small.kernel.git("apply", "--check", path)
      let run = try await Command.tool(
        "patch", ["--strip=1", "--fuzz=0", "--no-backup-if-mismatch", "--input=\(path)"], in: small.kernel.path)
      #expect(run.status == 0 && !run.output.contains("offset"), "\(run.output)\(run.error)")
    }
    try small.kernel.git("add", "--all")
    #expect(try small.kernel.text("write-tree") == tree)
  }

  /// As a maintainer gets a thread with its replies from an archive.
  @Test func b4FindsThePatchesAndTheAnswersInAThread() async throws {
    #expect(try await small.verify().status == 0)
    #expect(try await small.mail().status == 0)
    let mails = try small.files(of: "mails").sorted { $0.key < $1.key }.map(\.value)
    let second = try #require(mails[2].firstMatch(of: #/(?m)^Message-ID: (<.*>)$/#)?.1)
    let answer = """
      From mboxrd Thu Jan  1 00:00:00 1970
      From: R E Viewer <r@example.com>
      Subject: Re: [PATCH 2/4] what was sent
      Message-ID: <answer@example.com>
      In-Reply-To: \(second)
      Date: Sat, 21 Nov 2026 12:00:00 +0000

      Reviewed-by: R E Viewer <r@example.com>

      """
    try small.write((mails + [answer]).joined(separator: "\n"), to: "thread.mbox")
    try small.write("[user]\n\tname = A Maintainer\n\temail = m@example.com\n", to: ".gitconfig")
    try FileManager.default.createDirectory(atPath: small.folder + "/b4", withIntermediateDirectories: false)
    let run = try await Command.tool(
      "b4", ["--offline-mode", "am", "-m", small.folder + "/thread.mbox", "-o", small.folder + "/b4"],
      in: small.kernel.path, environment: ["HOME": small.folder])
    #expect(run.status == 0, "\(run.output)\(run.error)")
    let box = try #require(try small.files(of: "b4").keys.first { $0.hasSuffix(".mbx") })
    try small.kernel.git("am", "--quiet", "\(small.folder)/b4/\(box)")
    #expect(try small.kernel.tree() == tree)
    let tagged = try (0..<4).filter { index in
      try small.kernel.text("log", "-1", "--format=%B", "HEAD~\(index)").contains(
        "Reviewed-by: R E Viewer <r@example.com>")
    }
    #expect(tagged == [2], "the second of four")
    try expectSuccess(try await Command.tool("gzip", ["--keep", "thread.mbox"], in: small.folder))
    var trees: Set<[String]> = []
    for source in ["out", "mails", "thread.mbox", "thread.mbox.gz", "b4/\(box)"] {
      let run = try await small.run([
        "verify", source, "--tree", small.kernel.path, "--base", "base", "--depth", "apply", "--json", "read.json",
      ])
      #expect(run.status == 0, "\(source): \(run.output)\(run.error)")
      let json = try String(contentsOfFile: small.folder + "/read.json", encoding: .utf8)
      trees.insert(json.matches(of: #/"tree" : "(\w+)"/#).map { String($0.1) })
    }
    #expect(trees.count == 1)
  }

  private func expectSuccess(_ run: Command.Result) throws {
    try #require(run.status == 0, "\(run.output)\(run.error)")
  }

  @Test func gitFormatPatchWritesTheSameOfTheBranch() throws {
    try small.kernel.git(
      "format-patch", "--quiet", "--numbered", "--zero-commit", "--abbrev=12", "--signature=Seriesmith",
      "--output-directory", small.folder + "/gits", "series~4..series")
    let gits = try small.files(of: "gits")
    #expect(gits == (try small.files().filter { !$0.key.hasPrefix("0000") }))
  }

  @Test func gitFindsNoDifferenceBetweenThePatchesAndTheBranch() throws {
    try small.kernel.git(["am", "--quiet"] + patches)
    let pairs = try small.kernel.text("range-diff", "--no-color", "base..HEAD", "series~4..series").split(
      separator: "\n")
    #expect(pairs.count == 4 && pairs.allSatisfy { $0.contains(" = ") }, "\(pairs)")
  }
}
