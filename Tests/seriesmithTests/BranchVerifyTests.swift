import Foundation
import GitBinary
import Testing

/// `verify` without a SOURCE, in a kernel tree. Needs no kernel.
@Suite struct BranchVerifyTests {
  /// The tree of a developer who cloned `origin`: `topic` has two commits after the tag v7.1, which is origin's master.
  private final class Tree {
    let origin: ScratchRepository
    let home: String
    var path: String { home + "/linux" }

    init() throws {
      origin = try ScratchRepository()
      home = origin.path + "/.git/home"
      try origin.write("mainmenu \"Linux\"\n", to: "Kconfig")
      try origin.write("int a;\n", to: "a.c")
      try origin.commit("linux: start")
      try origin.write("int b;\n", to: "b.c")
      try origin.commit("Linux 7.1")
      try origin.git("tag", "v7.1")
      try origin.git("clone", "--quiet", ".", path)
      try git("config", "user.name", "C O Mitter")
      try git("config", "user.email", "committer@example.com")
      try git("checkout", "--quiet", "--no-track", "-b", "topic")
      try commit("a.c", "int a, one;\n", "a: one")
      try commit("a.c", "int a, two;\n", "a: two")
    }

    @discardableResult
    func git(_ arguments: String...) throws -> String {
      let output = try origin.git(["-C", path] + arguments)
      return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    func write(_ text: String, to name: String) throws {
      try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
    }

    func commit(_ name: String, _ text: String, _ subject: String) throws {
      try write(text, to: name)
      try git("add", name)
      try git("commit", "--quiet", "--message", subject)
    }

    func verify(_ arguments: [String] = [], depth: String = "apply", in folder: String? = nil) async throws
      -> Command.Result
    {
      try await Command.seriesmith(
        ["verify", "--depth", depth] + arguments, in: folder ?? path,
        environment: ["SERIESMITH_CACHE": home + "/cache", "HOME": home])
    }
  }

  /// The range that the run says it verifies, after checking that its commits stand.
  private func range(_ run: Command.Result) throws -> String {
    try #require(run.status == 0, "\(run.output)\(run.error)")
    let said = try #require(run.error.firstMatch(of: #/(?m)^verifying (.*)$/#)?.1, "\(run.error)")
    let verdict = try #require(run.output.firstMatch(of: #/stands: (\d+ commits?)/#)?.1, "\(run.output)")
    #expect(said.contains(", \(verdict): "), "\(run.error)\(run.output)")
    return String(said)
  }

  private func expectRefusal(_ run: Command.Result, _ texts: String...) {
    #expect(run.status == 65, "\(run.output)\(run.error)")
    for text in texts { #expect(run.error.contains(text), "\(text)\n\(run.error)") }
  }

  // MARK: The upstream

  @Test func startsAtTheUpstream() async throws {
    let tree = try Tree()
    try tree.git("branch", "--quiet", "--set-upstream-to=origin/main", "topic")
    let reason = "they are not in 'origin/main', the upstream of 'topic'"
    #expect(try range(try await tree.verify()) == "origin/main..HEAD, 2 commits: \(reason)")
    // Once the upstream has moved on, the range starts where the branch left it.
    try tree.origin.write("int c;\n", to: "c.c")
    try tree.origin.commit("c: new")
    try tree.git("fetch", "--quiet")
    let base = try tree.git("rev-parse", "v7.1^{commit}").prefix(12)
    #expect(try range(try await tree.verify()) == "\(base)..HEAD, 2 commits: \(reason)")
  }

  /// As linux-next is every day: what it dropped is not a commit of the branch.
  @Test func knowsARebasedUpstreamByItsReflog() async throws {
    let tree = try Tree()
    try tree.origin.write("int c;\n", to: "c.c")
    try tree.origin.commit("c: first version")
    try tree.git("fetch", "--quiet")
    try tree.git("rebase", "--quiet", "origin/main", "topic")
    try tree.git("branch", "--quiet", "--set-upstream-to=origin/main", "topic")
    try tree.origin.git("reset", "--quiet", "--hard", "v7.1")
    try tree.origin.write("int c, again;\n", to: "c.c")
    try tree.origin.commit("c: second version")
    try tree.git("fetch", "--quiet")
    #expect(try range(try await tree.verify()).contains("..HEAD, 2 commits: "))
  }

  @Test func saysWhatToDoWhereTheUpstreamIsACopyOfTheBranch() async throws {
    let tree = try Tree()
    try tree.origin.git("init", "--quiet", "--bare", tree.home + "/fork")
    try tree.git("remote", "add", "fork", tree.home + "/fork")
    try tree.git("push", "--quiet", "--set-upstream", "fork", "topic")
    let copy = "if 'fork/topic' is a copy of the branch, verify all"
    expectRefusal(
      try await tree.verify(),
      "there is nothing to verify: the upstream 'fork/topic' of 'topic' has all of its commits",
      "\(copy) 2 commits since v7.1: seriesmith verify v7.1..HEAD")
    try tree.commit("a.c", "int a, three;\n", "a: three")
    let said = try range(try await tree.verify())
    #expect(said.hasPrefix("fork/topic..HEAD, 1 commit: "))
    #expect(said.contains("\(copy) 3 commits since v7.1: seriesmith verify v7.1..HEAD"))
  }

  @Test func hasNothingToVerifyOnTheUpstreamItself() async throws {
    let tree = try Tree()
    try tree.git("checkout", "--quiet", "main")
    let run = try await tree.verify()
    expectRefusal(
      run, "there is nothing to verify: the upstream 'origin/main' of 'main' has all of its commits", "A..HEAD")
    #expect(!run.error.contains("copy"))
  }

  @Test func refusesAnUpstreamWithAnotherHistory() async throws {
    let tree = try Tree()
    try tree.git("checkout", "--quiet", "--orphan", "other")
    try tree.git("commit", "--quiet", "--message", "other")
    try tree.git("checkout", "--quiet", "topic")
    try tree.git("branch", "--quiet", "--set-upstream-to=other", "topic")
    expectRefusal(
      try await tree.verify(), "'topic' and its upstream 'other' have no common commit", "--set-upstream-to=BRANCH")
  }

  // MARK: Tags and origin

  @Test func startsAtTheNearestReleaseTagWithoutAnUpstream() async throws {
    let tree = try Tree()
    // Such a tag is the user's own, as is b4's.
    for name in ["topic-v1", "sent/20261130-topic-v1"] { try tree.git("tag", name, "HEAD~1") }
    let said = "v7.1..HEAD, 2 commits: 'topic' has no upstream, and the nearest is the tag v7.1"
    #expect(try range(try await tree.verify()) == said)
    try tree.git("checkout", "--quiet", "--detach")
    #expect(
      try range(try await tree.verify()) == "v7.1..HEAD, 2 commits: HEAD is detached, and the nearest is the tag v7.1")
  }

  @Test func startsAtTheDefaultBranchOfOriginWhereThatIsNearer() async throws {
    let tree = try Tree()
    try tree.origin.write("int c;\n", to: "c.c")
    try tree.origin.commit("c: new")
    try tree.git("fetch", "--quiet")
    try tree.git("rebase", "--quiet", "origin/main", "topic")
    let said = "origin/main..HEAD, 2 commits: 'topic' has no upstream, and the nearest is 'origin/main'"
    #expect(try range(try await tree.verify()) == said)
    try tree.git("tag", "--delete", "v7.1")
    #expect(try range(try await tree.verify()) == said)
  }

  @Test func saysThatTheUpstreamIsGone() async throws {
    let tree = try Tree()
    try tree.git("config", "branch.topic.remote", "origin")
    try tree.git("config", "branch.topic.merge", "refs/heads/deleted")
    let said = "the upstream of 'topic', refs/heads/deleted, is gone, and the nearest is the tag v7.1"
    #expect(try range(try await tree.verify()) == "v7.1..HEAD, 2 commits: \(said)")
  }

  @Test func namesWhatIsMissingWhereNothingTells() async throws {
    let tree = try Tree()
    let clone = tree.home + "/shallow"
    try tree.git("clone", "--quiet", "--depth=2", "--branch=topic", "file://\(tree.path)", clone)
    try tree.git("-C", clone, "remote", "remove", "origin")
    expectRefusal(
      try await tree.verify(in: clone), "nothing tells where your commits start: 'topic' has no upstream",
      "the clone is shallow", "seriesmith verify A..HEAD", "--set-upstream-to=BRANCH")
  }

  @Test func worksInAShallowCloneThatHasTheBase() async throws {
    let tree = try Tree()
    let clone = tree.home + "/shallow"
    try tree.git("clone", "--quiet", "--depth=3", "--no-single-branch", "--branch=topic", "file://\(tree.path)", clone)
    try tree.git("-C", clone, "branch", "--quiet", "--set-upstream-to=origin/main", "topic")
    #expect(try range(try await tree.verify(in: clone)).hasPrefix("origin/main..HEAD, 2 commits: "))
  }

  // MARK: What is no series

  @Test func refusesAMergeAndNamesWhatFollowsIt() async throws {
    let tree = try Tree()
    try tree.git("checkout", "--quiet", "-b", "side", "v7.1")
    try tree.commit("b.c", "int b, side;\n", "b: side")
    try tree.git("checkout", "--quiet", "topic")
    try tree.git("merge", "--quiet", "--no-edit", "side")
    try tree.commit("a.c", "int a, three;\n", "a: three")
    let merge = try tree.git("rev-parse", "HEAD~1").prefix(12)
    expectRefusal(
      try await tree.verify(), "commit \(merge) ('Merge branch 'side' into topic') in v7.1..HEAD is a merge",
      "seriesmith verify \(merge)..HEAD")
    let rest = try await tree.verify(["\(merge)..HEAD"])
    #expect(rest.status == 0 && rest.output.contains("stands: 1 commit"), "\(rest.output)\(rest.error)")
  }

  @Test func refusesMoreCommitsThanASeriesHas() async throws {
    let tree = try Tree()
    var stream = "reset refs/heads/long\nfrom \(try tree.git("rev-parse", "v7.1^{commit}"))\n\n"
    for _ in 0...1000 {
      stream += "commit refs/heads/long\ncommitter A U Thor <author@example.com> 1780000000 +0000\ndata 1\nx\n"
    }
    try tree.origin.git(["-C", tree.path, "fast-import", "--quiet"], input: Array(stream.utf8))
    try tree.git("checkout", "--quiet", "long")
    expectRefusal(
      try await tree.verify(), "v7.1..HEAD has 1001 commits, more than a series", "seriesmith verify A..HEAD")
  }

  // MARK: b4

  /// The real b4 makes the branch, with each of its ways to keep a cover letter.
  @Test(arguments: ["commit", "tip-commit", "branch-description"])
  func startsWhereB4Does(strategy: String) async throws {
    let tree = try Tree()
    try "[user]\n\tname = C O Mitter\n\temail = committer@example.com\n".write(
      toFile: tree.home + "/.gitconfig", atomically: true, encoding: .utf8)
    try tree.git("config", "b4.prep-cover-strategy", strategy)
    try tree.git("checkout", "--quiet", "main")
    try tree.commit("b.c", "int b, one;\n", "b: not of the series")
    let environment = ["HOME": tree.home, "GIT_CONFIG_NOSYSTEM": "1"]
    let prep = try await Command.tool(
      "b4", ["--offline-mode", "prep", "-n", "mine", "-f", "main"], in: tree.path, environment: environment)
    try #require(prep.status == 0, "\(prep.output)\(prep.error)")
    // On top of the cover letter, or below it.
    if strategy == "tip-commit" {
      let cover = try tree.git("rev-parse", "HEAD")
      try tree.git("reset", "--quiet", "--hard", "HEAD~1")
      try tree.commit("a.c", "int a, one;\n", "a: one")
      try tree.git("cherry-pick", "--allow-empty", cover)
    } else {
      try tree.commit("a.c", "int a, one;\n", "a: one")
    }
    let said = try range(try await tree.verify())
    #expect(said.contains(", 1 commit: b4"), "\(said)")
  }

  // MARK: The work tree

  @Test func addsWhatIsNotCommittedAsTheLastState() async throws {
    let tree = try Tree()
    try tree.write("int a, uncommitted;\n", to: "a.c")
    try tree.write("int added;\n", to: "added.c")
    try tree.write("int known;\n", to: "known.c")
    for name in ["left", "out"] { try tree.write("", to: name) }
    try tree.git("add", "added.c")
    try tree.git("add", "--intent-to-add", "known.c")
    // Touching a file outdates its stat data in the index, which makes git rewrite the index.
    try tree.write("int b;\n", to: "b.c")
    // None of these must change what is read.
    for setting in ["diff.noprefix=true", "diff.external=/bin/false", "diff.relative=true", "color.diff=always"] {
      let parts = setting.split(separator: "=").map(String.init)
      try tree.git("config", parts[0], parts[1])
    }
    let before = try Inventory(of: tree.path)
    let run = try await tree.verify(["--worktree", "--json", tree.home + "/report.json"])
    #expect(run.status == 0, "\(run.output)\(run.error)")
    let said = "adding the uncommitted changes of the work tree; untracked and left out: left and 1 other"
    #expect(run.error.contains(said), "\(run.error)")
    #expect(run.output.contains("3/3 uncommitted changes"), "\(run.output)")
    #expect(try Inventory(of: tree.path).differences(from: before) == [])
    let json = try String(contentsOfFile: tree.home + "/report.json", encoding: .utf8)
    let trees = json.matches(of: #/"tree" : "(\w+)"/#).map { String($0.1) }
    try tree.git("add", "a.c", "known.c")
    #expect(trees.contains(try tree.git("write-tree")))
  }

  /// On the upstream itself, the uncommitted changes are the whole series.
  @Test func verifiesTheWorkTreeAlone() async throws {
    let tree = try Tree()
    try tree.git("checkout", "--quiet", "main")
    try tree.write("int a, uncommitted;\n", to: "a.c")
    let run = try await tree.verify(["--worktree"])
    #expect(run.status == 0 && run.output.contains("stands: 1 commit"), "\(run.output)\(run.error)")
    let named = try await tree.verify(["HEAD..", "--worktree"])
    #expect(named.status == 0 && named.output.contains("stands: 1 commit"), "\(named.output)\(named.error)")
  }

  @Test func saysWhereTheWorkTreeCannotBeAdded() async throws {
    let tree = try Tree()
    let clean = try await tree.verify(["--worktree"])
    #expect(clean.error.contains("nothing is uncommitted\n") && clean.output.contains("stands: 2 commits"))
    let inside = try await tree.verify(["v7.1..HEAD~1", "--worktree"])
    #expect(inside.status == 64 && inside.error.contains("it needs a range that ends at HEAD"), "\(inside.error)")
    expectRefusal(
      try await tree.verify(["--worktree", "--tree", tree.path + "/.git"]), "has no work tree", "--tree")
    try tree.git("checkout", "--quiet", "-b", "side", "v7.1")
    try tree.commit("a.c", "int a, side;\n", "a: side")
    _ = try? tree.git("merge", "--quiet", "topic")
    expectRefusal(try await tree.verify(["--worktree"]), "the work tree has conflicts in a.c")
  }
}
