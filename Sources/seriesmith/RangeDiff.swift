import Diagnostics
import Git
import Processes
import Verification

/// What `git range-diff` says of two versions of a series, each on a base of its own.
struct RangeDiff {
  /// As git prints it.
  var text: String
  var pairs: [Pair]

  /// A patch of either version, or of both.
  struct Pair: Hashable {
    /// Their numbers; nil for a patch that is not in that version.
    var old: Int?
    var new: Int?
    var isChanged: Bool
    var subject: String
  }

  /// A version of a series.
  struct Version {
    var source: SeriesSource
    var base: Commit
    /// The path of the repository that has the base.
    var repository: String
  }

  /// Compares in a repository of its own below `scratch`, which reads the objects of the others.
  nonisolated(nonsending) init(_ old: Version, _ new: Version, scratch: String) async throws(Failure) {
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
    for (version, name) in [(old, "old"), (new, "new")] {
      let commits = try version.source.commits(on: version.base, in: repository)
      try repository.makeBranch(name, at: commits.tip)
      ranges.append("\(commits.base)..\(commits.tip)")
    }
    let outcome = try await requireSuccess(
      Self.git(["--git-dir=\(path)", "range-diff", "--no-color"] + ranges), to: "compare the versions")
    text = outcome.text
    pairs = text.split(separator: "\n").compactMap { Self.pair($0) }
  }

  /// A git command that no configuration of the user changes.
  private static func git(_ arguments: [String]) -> Command {
    Command(
      "git", arguments,
      environment: [
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_ATTR_NOSYSTEM": "1", "LC_ALL": "C",
      ])
  }

  /// Reads " 3:  0123456789ab ! 4:  89abcdef0123 iommu: add an op".
  private static func pair(_ line: Substring) -> Pair? {
    guard let match = line.wholeMatch(of: #/ *(\d+|-): +\S+ ([=!<>]) +(\d+|-): +\S+ (.*)/#) else { return nil }
    return Pair(
      old: Int(match.1), new: Int(match.3), isChanged: match.2 == "!", subject: String(match.4))
  }

  /// What is to be told of the change, a line a patch; what the change is for is left to be said.
  var changelog: String {
    let lines = pairs.compactMap { pair -> String? in
      switch (pair.old, pair.new) {
      case (nil, let new?): " - patch \(new), '\(pair.subject)': new"
      case (let old?, nil): " - '\(pair.subject)' (patch \(old) before): dropped"
      case (_, let new?): pair.isChanged ? " - patch \(new), '\(pair.subject)': changed" : nil
      case (nil, nil): nil
      }
    }
    return lines.isEmpty ? " - no patch changed\n" : lines.joined(separator: "\n") + "\n"
  }
}
