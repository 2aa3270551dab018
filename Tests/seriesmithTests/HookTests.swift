import Foundation
import GitBinary
import Testing

/// What `seriesmith hook install` installs, with the real git send-email. Needs no kernel.
@Suite(.serialized) struct HookTests {
  /// A kernel with the hook, and a program that takes mails in place of a mail server.
  private final class Sender {
    let small: SmallMigration
    var kernel: String { small.kernel.path }
    private var outbox: String { small.folder + "/outbox" }

    init(installing: Bool = true) async throws {
      small = try SmallMigration()
      try small.kernel.write("mainmenu \"Linux\"\n", to: "Kconfig")
      try small.kernel.commit("base")
      try small.kernel.git("tag", "--force", "base")
      try Script.write(
        "#!/bin/sh\ncat > \"\(outbox).$$\"\nmv \"\(outbox).$$\" \"\(outbox)/$$\"\n", to: small.folder + "/sendmail")
      if installing {
        let run = try await hook("install")
        try #require(run.status == 0, "\(run.output)\(run.error)")
      }
    }

    func hook(_ command: String, in tree: String? = nil) async throws -> Command.Result {
      try await small.run(["hook", command, "--tree", tree ?? kernel, "--lanes", "lanes.yaml"])
    }

    /// Commits a change of a file on the branch, with a sign-off.
    func commit(_ file: String, _ old: String, _ new: String, _ subject: String) throws {
      let text = try String(contentsOfFile: "\(kernel)/\(file)", encoding: .utf8)
      try #require(text.contains(old))
      try small.kernel.write(text.replacing(old, with: new), to: file)
      try small.kernel.commit("\(subject)\n\nWhy.\n\nSigned-off-by: C O Mitter <committer@example.com>\n")
    }

    func verify(_ source: String = "base..HEAD") async throws -> Command.Result { try await small.verify(source) }

    /// Runs `git send-email` and counts the mails that were sent.
    func send(_ arguments: [String], in folder: String? = nil) async throws -> (run: Command.Result, mails: Int) {
      try? FileManager.default.removeItem(atPath: outbox)
      try FileManager.default.createDirectory(atPath: outbox, withIntermediateDirectories: true)
      let run = try await Command.tool(
        "git",
        [
          "send-email", "--quiet", "--confirm=never", "--to=list@example.com", "--suppress-cc=all",
          "--from=C O Mitter <committer@example.com>", "--smtp-server=\(small.folder)/sendmail",
        ] + arguments, in: folder ?? kernel,
        environment: small.environment.merging(["GIT_CONFIG_NOSYSTEM": "1", "HOME": small.folder]) { $1 })
      return (run, try FileManager.default.contentsOfDirectory(atPath: outbox).count)
    }

    func expectSent(_ count: Int, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation) async throws
    {
      let (run, mails) = try await send(arguments)
      #expect(run.status == 0 && mails == count, "\(mails): \(run.output)\(run.error)", sourceLocation: sourceLocation)
    }

    func expectRefused(
      _ arguments: [String], _ reason: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
      let (run, mails) = try await send(arguments)
      #expect(run.status != 0 && mails == 0, "\(mails): \(run.output)\(run.error)", sourceLocation: sourceLocation)
      #expect(run.error.contains(reason), "\(run.error)", sourceLocation: sourceLocation)
    }
  }

  private let verified = "verify has not seen this patch stand: "

  // MARK: A folder of patches

  @Test func sendsOnlyWhatHasBeenSeenToStand() async throws {
    let sender = try await Sender()
    let generated = try await sender.small.generate(["--signoff"])
    try #require(generated.status == 0, "\(generated.error)")
    let out = sender.small.folder + "/out"
    let (run, mails) = try await sender.send([out])
    #expect(run.status != 0 && mails == 0, "\(run.output)")
    let lanes = "--lanes \(sender.small.folder)/lanes.yaml"
    for text in [
      verified + "no verified series has this message as patch 1 of 4",
      "verify the branch it is from, in all lanes: seriesmith verify --depth full \(lanes)",
      "or the files: seriesmith verify \(out) --exact --depth full \(lanes)", "--no-validate sends it all the same",
    ] {
      #expect(run.error.contains(text), "\(run.error)")
    }
    try await sender.expectSent(5, ["--no-validate", out])

    let verify = try await sender.verify("out")
    try #require(verify.status == 0, "\(verify.output)\(verify.error)")
    try await sender.expectSent(5, [out])
    // With the headers that `mail` adds, from another folder.
    let mail = try await sender.small.mail()
    try #require(mail.status == 0, "\(mail.error)")
    try await sender.expectSent(5, ["--no-thread", sender.small.folder + "/mails"])

    let name = try #require(try sender.small.files().keys.first { $0.hasPrefix("0003") })
    try sender.small.edit("out/" + name, "\t\t*length = 1;\n", "\t\t*length = 2;\n")
    try await sender.expectRefused([out], verified + "it was not verified together with \(name)")
    try await sender.expectRefused(
      ["\(out)/\(name)"], "\(name): error: " + verified + "the diff is not the one that was verified")
  }

  // MARK: A branch

  @Test func sendsTheCommitsOfABranch() async throws {
    let sender = try await Sender()
    try sender.commit("drivers/main.c", "int y = 0;", "int y = 1;", "main: start at one")
    try sender.commit("drivers/twice.c", "get(1)", "get(2)", "twice: get two")
    let verify = try await sender.verify()
    try #require(verify.status == 0, "\(verify.output)\(verify.error)")
    try await sender.expectSent(2, ["base"])
    // The same changes as text that differs.
    try await sender.expectSent(2, ["-U9", "--patience", "--full-index", "base"])
    // Alone, the second patch is another series.
    let (alone, mails) = try await sender.send(["HEAD~1"])
    #expect(alone.status != 0 && mails == 0, "\(alone.output)")
    #expect(alone.error.contains(verified + "no verified series has this message as patch 1 of 1"), "\(alone.error)")
    // The files are in a folder that git has removed by now.
    #expect(alone.error.contains("verify the branch it is from"), "\(alone.error)")
    #expect(!alone.error.contains("or the files"), "\(alone.error)")
    try sender.small.kernel.git("commit", "--quiet", "--amend", "--message", "twice: get more")
    try await sender.expectRefused(["base"], verified + "it was not verified together with 0002-twice-get-more.patch")
  }

  /// Each of these patches stood, but in another series.
  @Test func refusesAMixtureOfTwoVersions() async throws {
    let sender = try await Sender()
    let git = sender.small.kernel
    for value in 1...2 {
      try git.git("checkout", "--quiet", "-B", "topic", "base")
      try sender.commit("drivers/main.c", "int y = 0;", "int y = \(value + 4);", "main: start elsewhere")
      try sender.commit("drivers/twice.c", "get(1)", "get(\(value + 6))", "twice: get more")
      let verify = try await sender.verify()
      try #require(verify.status == 0, "\(verify.output)\(verify.error)")
      try git.git("format-patch", "--quiet", "--base=base", "-o", "\(sender.small.folder)/v\(value)", "base")
    }
    try await sender.expectSent(2, [sender.small.folder + "/v1"])
    try await sender.expectSent(2, [sender.small.folder + "/v2"])
    let second = "0002-twice-get-more.patch"
    let first = try #require(try sender.small.files(of: "v1").keys.first { $0.hasPrefix("0001") })
    let other = try #require(try sender.small.files(of: "v2")[second])
    try sender.small.write(other, to: "v1/" + second)
    try await sender.expectRefused(
      [sender.small.folder + "/v1"], "\(first): error: " + verified + "it was not verified together with \(second)")
    // One that is sent again alone was seen in its series.
    try await sender.expectSent(1, ["\(sender.small.folder)/v2/\(second)"])

    let base = try git.text("rev-parse", "base")
    try sender.small.edit("v2/" + first, "base-commit: \(base)", "base-commit: \(try git.text("rev-parse", "base~1"))")
    try await sender.expectRefused([sender.small.folder + "/v2"], verified + "it was not verified on its base-commit")
  }

  @Test func refusesWhatFalls() async throws {
    let sender = try await Sender()
    try sender.commit("drivers/main.c", "int y = 0;", "int y = missing();", "main: call nothing")
    #expect(try await sender.verify().status == 1)
    try await sender.expectRefused(["base"], verified)
  }

  // MARK: What is no patch of this kernel

  @Test func letsOtherMailsPass() async throws {
    let sender = try await Sender()
    try sender.small.write("From: C <c@example.com>\nSubject: [ANNOUNCE] a tree\n\nHello.\n", to: "mail")
    try await sender.expectSent(1, [sender.small.folder + "/mail"])
    try sender.small.kernel.git("rm", "--quiet", "Kconfig")
    try sender.small.kernel.commit("no kernel any more")
    try await sender.expectSent(1, ["HEAD~1"])
  }

  // MARK: Installing

  @Test func worksInALinkedWorkTreeAndInAFolderOfHooks() async throws {
    for hooks in [nil, ".githooks", "/hooks"] {
      let sender = try await Sender(installing: false)
      let folder = sender.small.folder
      if let hooks {
        try sender.small.kernel.git("config", "core.hooksPath", hooks.hasPrefix("/") ? folder + hooks : hooks)
      }
      let tree = folder + "/tree"
      try sender.small.kernel.git("worktree", "add", "--quiet", tree, "-b", "topic", "base")
      let install = try await sender.hook("install", in: tree)
      #expect(install.status == 0, "\(install.output)\(install.error)")
      try "int three;\n".write(toFile: tree + "/drivers/twice.c", atomically: true, encoding: .utf8)
      try sender.small.kernel.git("-C", tree, "commit", "--quiet", "--all", "--message", "twice: nothing")
      let (run, mails) = try await sender.send(["base"], in: tree)
      #expect(run.status != 0 && mails == 0 && run.error.contains(verified), "\(hooks ?? ""): \(run.error)")
      #expect(try await sender.hook("uninstall", in: tree).status == 0)
      #expect(try await sender.send(["base"], in: tree).mails == 1)
    }
  }

  @Test func neverReplacesAHookOfTheUser() async throws {
    let sender = try await Sender(installing: false)
    let hook = sender.kernel + "/.git/hooks/sendemail-validate"
    try Script.write("#!/bin/sh\nexit 0\n", to: hook)
    let install = try await sender.hook("install")
    #expect(install.status == 64)
    #expect(install.error.contains("is a hook of your own"), "\(install.error)")
    // The line that the message names does the same.
    let line = try #require(install.error.firstMatch(of: #/add to it: (.*)/#)?.1)
    let uninstall = try await sender.hook("uninstall")
    #expect(uninstall.status == 0 && uninstall.output.contains("is a hook of your own, and stays"))
    #expect(try String(contentsOfFile: hook, encoding: .utf8) == "#!/bin/sh\nexit 0\n")
    try Script.write("#!/bin/sh\n\(line)\nexit 0\n", to: hook)
    try sender.commit("drivers/twice.c", "get(1)", "get(2)", "twice: get two")
    try await sender.expectRefused(["base"], verified)
  }

  @Test func uninstallsWhatItInstalled() async throws {
    let sender = try await Sender(installing: false)
    let git = sender.small.kernel
    let setting = "b4.prep-perpatch-check-cmd"
    let hooks = sender.kernel + "/.git/hooks"
    let before = (
      try git.text("config", "--list", "--local"), try FileManager.default.contentsOfDirectory(atPath: hooks)
    )
    for _ in 1...2 {
      #expect(try await sender.hook("install").status == 0)
      #expect(try git.text("config", "--get-all", setting).split(separator: "\n").count == 1)
    }
    let uninstall = try await sender.hook("uninstall")
    #expect(uninstall.output.contains("removed \(sender.kernel)/.git/hooks/sendemail-validate\nunset \(setting)\n"))
    #expect(try git.text("config", "--list", "--local") == before.0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: hooks).sorted() == before.1.sorted())
    #expect(try await sender.hook("uninstall").output == "nothing was installed\n")
    // A command of the user's own stays, and stays the only one.
    try git.git("config", setting, "./scripts/checkpatch.pl -q -")
    let install = try await sender.hook("install")
    let line = try #require(install.output.firstMatch(of: #/git config --add .*/#)?.0, "\(install.output)")
    #expect(try git.text("config", "--get-all", setting) == "./scripts/checkpatch.pl -q -")
    let added = try await Command.tool("sh", ["-c", String(line)], in: sender.kernel)
    #expect(added.status == 0, "\(added.error)")
    #expect(try git.text("config", "--get-all", setting).contains(" hook check --lanes "))
    #expect(try await sender.hook("uninstall").status == 0)
    #expect(try git.text("config", "--get-all", setting) == "./scripts/checkpatch.pl -q -")
  }

  // MARK: b4

  /// b4 runs the command for each patch, and takes its output as checkpatch's.
  @Test func b4PrepShowsWhatIsWrongWithEachPatch() async throws {
    let b4 = try await RecentB4.program()
    let sender = try await Sender()
    let environment = sender.small.environment.merging(
      [
        "HOME": sender.small.folder, "XDG_CACHE_HOME": sender.small.folder + "/b4-cache",
        "XDG_DATA_HOME": sender.small.folder + "/b4-data", "GIT_CONFIG_NOSYSTEM": "1",
      ]) { $1 }
    func prep(_ arguments: String...) async throws -> String {
      let run = try await Command.tool(
        b4, ["--offline-mode", "--no-stdin", "prep"] + arguments, in: sender.kernel, environment: environment)
      #expect(run.status == 0, "\(run.output)\(run.error)")
      return run.output + run.error
    }
    _ = try await prep("-n", "mine", "-f", "base")
    try sender.commit("drivers/main.c", "int y = 0;", "int y = 1;", "main: start at one")
    try sender.commit("drivers/twice.c", "get(1)", "get(2)", "twice: get two")
    let good = try await prep("--check")
    #expect(good.contains("Success: 2, Warning: 0, Error: 0"), "\(good)")
    // The same verdicts answer for what is sent.
    try await sender.expectSent(2, ["HEAD~2"])

    try sender.commit("drivers/twice.c", "get(2)", "more(2)", "twice: call nothing")
    let bad = try await prep("--check")
    #expect(bad.contains("Success: 2, Warning: 1, Error: 1"), "\(bad)")
    #expect(bad.contains("seriesmith: ERROR: compile: drivers/twice.c:5: "), "\(bad)")
  }
}

/// A b4 whose `prep` has `--check`, as of 0.14: the installed one, or else that of PyPI.
private enum RecentB4 {
  static func program() async throws -> String {
    let installed = try await Command.tool("b4", ["prep", "--help"], in: Command.package)
    return installed.output.contains("--check ") ? "b4" : try await PyPI.program("b4", version: "0.14.3")
  }
}
