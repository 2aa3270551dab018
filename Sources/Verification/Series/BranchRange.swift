public import Diagnostics
import FoundationEssentials
public import Git
public import PatchSeries
import Processes
import Support

/// The commits of the branch one is on that nothing it is based on has: what `verify` verifies without a SOURCE.
///
/// Git itself says what a branch is based on. Where b4 keeps the branch, b4's own rules do.
public struct BranchRange: Hashable, Sendable {
  /// The commit before the first of the range: a name such as `v7.1`, or an abbreviated id.
  public let base: String
  /// The last commit: `HEAD`, or an id where b4's cover letter comes after it.
  public let tip: String
  /// How many commits there are; 0 when the base has them all.
  public let count: Int
  /// Why the range starts where it does, as part of a sentence.
  public let reason: String
  /// What else the user may want to verify.
  let advice: [String]

  /// The most commits that are taken for a series without being asked to: the longest real ones have a few hundred.
  static let most = 1000

  /// The range as a SOURCE.
  public var source: String { "\(base)..\(tip)" }

  /// What is verified and why, for the user.
  public var description: String { "verifying \(source), \(count.counted("commit")): \(reason)" }

  /// Finds the range of the branch that is checked out, or of a detached HEAD.
  ///
  /// - Throws: `Failure(.input)` when nothing tells what the branch is based on.
  public nonisolated(nonsending) static func find(in repository: Repository) async throws(Failure) -> BranchRange {
    try await BranchSearch(repository: repository, git: GitCommand(path: repository.path)).range()
  }

  /// Refuses a range that is no series.
  ///
  /// - Parameter mayBeEmpty: whether something follows the commits.
  /// - Throws: `Failure(.input)` for no commit, a merge, or more commits than a series has.
  public nonisolated(nonsending) func check(in repository: Repository, mayBeEmpty: Bool = false) async throws(Failure) {
    if count == 0, !mayBeEmpty {
      throw Failure(
        .input, "there is nothing to verify: \(reason)",
        notes: ["to verify what is not committed yet: seriesmith verify --worktree"] + advice)
    }
    if count > Self.most {
      throw Failure(
        .input, "\(source) has \(count) commits, more than a series: \(reason)",
        notes: ["name the commit that yours start from: seriesmith verify A..HEAD"] + advice)
    }
    let git = GitCommand(path: repository.path)
    guard let merge = try await git.line("rev-list", "--merges", "--max-count=1", source) else { return }
    let commit = try repository.resolve(merge)
    throw Failure(
      .input, "commit \(commit.id.abbreviated()) ('\(commit.subject)') in \(source) is a merge: \(reason)",
      notes: [
        "a series must be linear; to verify what follows the merge: seriesmith verify \(commit.id.abbreviated())..HEAD"
      ] + advice)
  }

  /// The position of a patch among the commits, one-based; nil when none has its subject and makes its change.
  public func index(of patch: Patch, in repository: Repository) throws(Failure) -> Int? {
    let commits = try repository.commits(in: (base, tip))
    for (index, commit) in commits.enumerated() where commit.subject == patch.subject {
      guard let parent = commit.parents.first else { continue }
      let before = try repository.resolve(parent.hex).tree
      if (try? repository.apply(patch.diff, to: before, name: patch.diffName)) == commit.tree { return index + 1 }
    }
    return nil
  }
}

/// Git, asked short questions about a repository. It writes nothing there.
struct GitCommand: Sendable {
  let path: String

  /// The first line that git prints; nil when it prints none or fails.
  func line(_ arguments: String...) async throws(Failure) -> String? {
    let outcome = try await run(command(arguments))
    guard outcome.succeeded else { return nil }
    return outcome.text.split(separator: "\n").first.map(String.init)
  }

  func command(_ arguments: [String], environment: [String: String] = [:]) -> Command {
    let fixed = ["LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"]
    return Command("git", ["-C", path] + arguments, environment: fixed.merging(environment) { $1 })
  }
}

/// The search for what the current branch is based on.
private struct BranchSearch {
  let repository: Repository
  let git: GitCommand

  nonisolated(nonsending) func range() async throws(Failure) -> BranchRange {
    guard let branch = try await git.line("symbolic-ref", "--quiet", "--short", "HEAD") else {
      return try await withoutUpstream("HEAD is detached")
    }
    if let range = try await prepared(branch) { return range }
    if let upstream = try await git.line("rev-parse", "--abbrev-ref", "--verify", "--quiet", "\(branch)@{upstream}") {
      return try await range(of: branch, upstream: upstream)
    }
    let gone = try await setting("branch.\(branch).merge")
    return try await withoutUpstream(
      gone.map { "the upstream of '\(branch)', \($0), is gone" } ?? "'\(branch)' has no upstream")
  }

  // MARK: b4 prep

  /// The range of a branch that b4 keeps, as b4's own `get_series_range` has it; nil for other branches.
  private nonisolated(nonsending) func prepared(_ branch: String) async throws(Failure) -> BranchRange? {
    var strategy = try await setting("branch.\(branch).b4-prep-cover-strategy")
    if strategy == nil { strategy = try await setting("b4.prep-cover-strategy") }
    if strategy == "branch-description" {
      guard let tracking = try await setting("branch.\(branch).b4-tracking") else { return nil }
      return try await prepared(branch, tracking: tracking, tip: "HEAD")
    }
    guard let cover = try await cover() else { return nil }
    if strategy == "tip-commit" {
      let tip = cover.parents.first?.abbreviated() ?? "HEAD"
      return try await prepared(branch, tracking: cover.message, tip: tip)
    }
    let base = cover.id.abbreviated()
    return BranchRange(
      base: base, tip: "HEAD", count: try await count(from: base),
      reason: "b4's cover letter of '\(branch)' is commit \(base)",
      advice: ["commit the patches after the cover letter"])
  }

  /// The range of a branch whose base b4 has kept by name.
  private nonisolated(nonsending) func prepared(
    _ branch: String, tracking: String, tip: String
  ) async throws(Failure) -> BranchRange {
    struct Record: Decodable {
      var series: Series
      struct Series: Decodable {
        var base: String
        enum CodingKeys: String, CodingKey { case base = "base-branch" }
      }
    }
    let json = tracking.firstIndex(of: "{").map { tracking[$0...] } ?? ""
    guard let record = try? JSONDecoder().decode(Record.self, from: Data(json.utf8)),
      let base = try await mergeBase(with: record.series.base)
    else {
      throw Failure(
        .input, "b4 keeps '\(branch)', but the branch that it is based on cannot be found",
        notes: ["b4 prep --show-info shows what b4 knows of it", "name the range: seriesmith verify A..HEAD"])
    }
    return BranchRange(
      base: base.name, tip: tip, count: try await count(from: base.id, to: tip),
      reason: "b4 has it that '\(branch)' is based on '\(record.series.base)'", advice: [])
  }

  /// The marker by which b4 finds its cover letters (`MAGIC_MARKER` in its ez.py).
  private static let marker = "--- b4-submit-tracking ---"

  /// The newest of b4's cover letters among the last commits, which the user must have committed: others' may have got
  /// into a shared tree. nil when there is none before a merge, which no series has.
  private nonisolated(nonsending) func cover() async throws(Failure) -> Commit? {
    guard let user = try await setting("user.email") else { return nil }
    var commit = try repository.resolve("HEAD")
    for _ in 0...BranchRange.most {
      if commit.message.contains(Self.marker), commit.committer.email == user { return commit }
      // A shallow clone lacks the parents of its oldest commits.
      guard commit.parents.count == 1, let parent = try? repository.resolve(commit.parents[0].hex) else { return nil }
      commit = parent
    }
    return nil
  }

  // MARK: The upstream

  private nonisolated(nonsending) func range(of branch: String, upstream: String) async throws(Failure) -> BranchRange {
    guard let base = try await mergeBase(with: upstream) else {
      throw Failure(
        .input, "'\(branch)' and its upstream '\(upstream)' have no common commit",
        notes: try await shallowNote() + [
          "name the range: seriesmith verify A..HEAD",
          "or the branch that yours is based on: git branch --set-upstream-to=BRANCH",
        ])
    }
    let count = try await count(from: base.id)
    var advice: [String] = []
    // The upstream may be a copy of the branch on the user's own server, which is not what it is based on.
    if upstream.hasSuffix("/" + branch), let other = try await nearest(), other.count > count {
      advice = [
        "if '\(upstream)' is a copy of the branch, verify all \(other.count) commits since \(other.base.name): "
          + "seriesmith verify \(other.base.name)..HEAD"
      ]
    }
    guard count > 0 else {
      return BranchRange(
        base: base.name, tip: "HEAD", count: 0,
        reason: "the upstream '\(upstream)' of '\(branch)' has all of its commits",
        advice: advice.isEmpty ? ["name a range to verify it all the same: seriesmith verify A..HEAD"] : advice)
    }
    return BranchRange(
      base: base.name, tip: "HEAD", count: count,
      reason: (["they are not in '\(upstream)', the upstream of '\(branch)'"] + advice).joined(separator: "; "),
      advice: advice)
  }

  // MARK: Tags and origin

  private nonisolated(nonsending) func withoutUpstream(_ why: String) async throws(Failure) -> BranchRange {
    guard let nearest = try await nearest() else {
      throw Failure(
        .input, "nothing tells where your commits start: \(why), and there is no release tag and no 'origin' behind it",
        notes: try await shallowNote() + [
          "name the range: seriesmith verify A..HEAD",
          "or the branch that yours is based on: git branch --set-upstream-to=BRANCH",
        ])
    }
    let isEmpty = nearest.count == 0
    return BranchRange(
      base: nearest.base.name, tip: "HEAD", count: nearest.count,
      reason: isEmpty
        ? "\(why), and \(nearest.what) has all its commits" : "\(why), and the nearest is \(nearest.what)",
      advice: isEmpty ? ["name a range to verify it all the same: seriesmith verify A..HEAD"] : [])
  }

  private typealias Base = (id: String, name: String)

  /// The nearest of the last release tag and the commit where HEAD left the default branch of `origin`; nil when there
  /// is neither. Other tags than the kernel's may be the user's own, on the branch itself.
  private nonisolated(nonsending) func nearest() async throws(Failure) -> (base: Base, what: String, count: Int)? {
    var found: [(base: Base, what: String, count: Int)] = []
    if let tag = try await git.line(
      "describe", "--tags", "--abbrev=0", "--match=v[0-9]*.[0-9]*", "--match=next-[0-9]*", "HEAD")
    {
      found.append(((tag, tag), "the tag \(tag)", try await count(from: tag)))
    }
    if let branch = try await originsDefault(), let base = try await mergeBase(with: branch) {
      found.append((base, "'\(branch)'", try await count(from: base.id)))
    }
    return found.min { $0.count < $1.count }
  }

  private nonisolated(nonsending) func originsDefault() async throws(Failure) -> String? {
    if let head = try await git.line("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD") { return head }
    // `git remote add` records no HEAD.
    for name in ["origin/master", "origin/main"]
    where try await git.line("rev-parse", "--verify", "--quiet", "refs/remotes/\(name)") != nil {
      return name
    }
    return nil
  }

  // MARK: -

  private nonisolated(nonsending) func setting(_ name: String) async throws(Failure) -> String? {
    try await git.line("config", "--get", name)
  }

  /// Where HEAD left a branch. If that was rebased since, its reflog knows: `git rebase` looks there as well.
  private nonisolated(nonsending) func mergeBase(with branch: String) async throws(Failure) -> Base? {
    var found = try await git.line("merge-base", "--fork-point", branch, "HEAD")
    if found == nil { found = try await git.line("merge-base", branch, "HEAD") }
    guard let id = found else { return nil }
    let isTip = try await git.line("rev-parse", "--verify", "--quiet", "\(branch)^{commit}") == id
    return (id, isTip ? branch : String(id.prefix(12)))
  }

  private nonisolated(nonsending) func count(from base: String, to tip: String = "HEAD") async throws(Failure) -> Int {
    guard let count = try await git.line("rev-list", "--count", "\(base)..\(tip)").flatMap({ Int($0) }) else {
      throw Failure(
        .input, "git cannot count the commits of \(base)..\(tip) in '\(git.path)'",
        notes: ["run `git rev-list --count \(base)..\(tip)` there to see why"])
    }
    return count
  }

  private nonisolated(nonsending) func shallowNote() async throws(Failure) -> [String] {
    guard try await git.line("rev-parse", "--is-shallow-repository") == "true" else { return [] }
    return ["the clone is shallow, and may lack the commit: git fetch --unshallow"]
  }
}
