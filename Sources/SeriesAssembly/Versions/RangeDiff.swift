public import Diagnostics
public import Git
import PatchSeries
import Processes
import Support
public import Verification

/// `git range-diff` of two versions of a series, each on its own base.
public struct RangeDiff {
  /// The output of git.
  public let text: String
  /// The patches of both versions, in the order in which git lists them.
  public private(set) var pairs: [Pair]
  /// The author of the old version's first commit; nil if its author did not sign it off.
  public let oldSigner: Identity?

  /// A patch of either version, or of both.
  public struct Pair: Hashable {
    /// Its number in the old version; nil if it is new.
    public var old: Int?
    /// Its number in the new version; nil if it was dropped.
    public var new: Int?
    /// The subject in the new version, or in the old one if the new one lacks the patch.
    public var subject: String
    /// The files in which the patch changes other lines than before. Files whose lines only moved are not among them,
    /// though git shows them.
    public var files: [String] = []
    /// Whether the message changed, apart from trailers.
    public var isReworded = false
  }

  /// A version of a series.
  public struct Version {
    /// The patches or commits.
    public let source: SeriesSource
    /// The commit they apply to.
    public let base: Commit
    /// The path of the repository that has the base.
    public let repository: String

    /// A version of these patches.
    public init(_ source: SeriesSource, on base: Commit, in repository: String) {
      self.source = source
      self.base = base
      self.repository = repository
    }
  }

  /// Compares the versions in a new repository below `scratch` that borrows the objects of both.
  public nonisolated(nonsending) init(_ old: Version, _ new: Version, scratch: String) async throws(Failure) {
    let path = "\(scratch)/compare.git"
    try Files.remove(path)
    try await requireSuccess(Self.git(["init", "--quiet", "--bare", "--template=", path]), to: "make a repository")
    var objects: [String] = []
    for repository in [old.repository, new.repository] {
      let folder = try await requireSuccess(
        Command("git", ["-C", repository, "rev-parse", "--path-format=absolute", "--git-path", "objects"]),
        to: "find the objects of '\(repository)'")
      objects.append(folder.text)
    }
    try Files.makeFolder(path + "/objects/info")
    try Files.write(objects.joined().utf8, to: path + "/objects/info/alternates")
    let repository = try Repository(opening: path)
    var ranges: [String] = []
    var commits: [[Commit]] = []
    for (version, name) in [(old, "old"), (new, "new")] {
      let ends = try await version.source.commits(on: version.base, in: repository)
      try repository.makeBranch(name, at: ends.tip)
      ranges.append("\(ends.base)..\(ends.tip)")
      commits.append(try repository.commits(in: (ends.base.hex, ends.tip.hex)))
    }
    let outcome = try await requireSuccess(
      Self.git(["--git-dir=\(path)", "range-diff", "--no-color"] + ranges), to: "compare the versions")
    text = outcome.text
    oldSigner = commits[0].first.flatMap { commit in
      let author = Identity(name: commit.author.name, email: commit.author.email)
      return Trailers.trailers(of: commit.body).contains(author.signOff) ? author : nil
    }
    pairs = []
    for line in text.split(separator: "\n") {
      guard let match = line.wholeMatch(of: #/ *(\d+|-): +\S+ [=!<>] +(\d+|-): +\S+ (.*)/#) else { continue }
      var pair = Pair(old: Int(match.1), new: Int(match.2), subject: String(match.3))
      if let new = pair.new { pair.subject = commits[1][new - 1].subject }
      if let old = pair.old, let new = pair.new {
        try pair.compare(commits[0][old - 1], commits[1][new - 1], in: repository)
      }
      pairs.append(pair)
    }
  }

  /// A git command that ignores the user's configuration.
  private static func git(_ arguments: [String]) -> Command {
    Command(
      "git", arguments,
      environment: [
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_ATTR_NOSYSTEM": "1", "LC_ALL": "C",
      ])
  }
}

extension RangeDiff.Pair {
  fileprivate mutating func compare(_ old: Commit, _ new: Commit, in repository: Repository) throws(Failure) {
    files = try new.changedLines(in: repository).paths(changedIn: old.changedLines(in: repository))
    isReworded = old.subject != new.subject || Trailers.removed(from: old.body) != Trailers.removed(from: new.body)
  }
}

extension Commit {
  fileprivate func changedLines(in repository: Repository) throws(Failure) -> ChangedLines {
    let before = try parents.first.map { parent throws(Failure) in try repository.resolve(parent.hex).tree }
    let diff = try repository.diff(from: before ?? tree, to: tree)
    return ChangedLines(try DiffReader.read(diff.text, file: id.abbreviated()))
  }
}
