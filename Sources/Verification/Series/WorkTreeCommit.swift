public import Diagnostics
import FoundationEssentials
public import Git
import PatchSeries
import Processes
import Support

/// What the work tree has and HEAD has not, as a commit in memory: the last state of a series that is being written.
public struct WorkTreeCommit: Sendable {
  /// The commit on top of HEAD; nil when nothing is uncommitted.
  public let id: ObjectID?
  /// The files that are left out, since git does not know them.
  public let untracked: [String]

  /// The commit's subject.
  static let subject = "uncommitted changes"

  /// Reads the work tree of a repository as git sees it: tracked files, and those that `git add` has made known.
  ///
  /// - Throws: `Failure(.input)` for a bare repository, and while a merge has conflicts.
  public nonisolated(nonsending) init(of repository: Repository) async throws(Failure) {
    let git = GitCommand(path: repository.path)
    guard let index = try await git.line("rev-parse", "--path-format=absolute", "--git-path", "index"),
      try await git.line("rev-parse", "--is-inside-work-tree") == "true"
    else {
      throw Failure(.input, "'\(repository.path)' has no work tree", notes: ["name one with --tree, or a range A..B"])
    }
    // `git diff` writes the index anew when it has read files that were only touched.
    let scratch = try TemporaryFolder()
    let copy = scratch.path + "/index"
    try Files.create(copy, Files.read(index) ?? [])
    let environment = ["GIT_INDEX_FILE": copy]
    func output(_ arguments: [String]) async throws(Failure) -> [UInt8] {
      try await requireSuccess(git.command(arguments, environment: environment), to: "read the work tree").output
    }
    let conflicts = Self.names(try await output(["diff", "--name-only", "--diff-filter=U", "-z"]))
    guard conflicts.isEmpty else {
      throw Failure(
        .input, "the work tree has conflicts in \(conflicts.joined(separator: ", "))",
        notes: ["resolve them and `git add` the files"])
    }
    untracked = Self.names(try await output(["ls-files", "--others", "--exclude-standard", "-z", "--full-name"]))
    // What the user's settings would change, each by its own option.
    let diff = try await output(
      [
        "-c", "diff.suppressBlankEmpty=false", "diff", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames",
        "--no-relative", "--binary", "--full-index", "--unified=3", "--src-prefix=a/", "--dst-prefix=b/",
        "--ignore-submodules", "HEAD", "--",
      ])
    guard !diff.isEmpty else {
      id = nil
      return
    }
    let head = try repository.resolve("HEAD")
    let author = head.committer
    // Checkpatch is to judge the change, not a message that nobody has written yet.
    id = try repository.writeCommit(
      tree: try repository.apply(diff, to: head.tree, name: "the work tree"), parents: [head.id], author: author,
      committer: author,
      message: """
        \(Self.subject)

        What the work tree has and no commit has yet.

        Signed-off-by: \(author.name) <\(author.email)>

        """)
  }

  /// What is added, and what is left out, for the user.
  public var description: String {
    let added = id == nil ? "nothing is uncommitted" : "adding the uncommitted changes of the work tree"
    guard let first = untracked.first else { return added }
    let others = untracked.count > 1 ? " and \((untracked.count - 1).counted("other"))" : ""
    return "\(added); untracked and left out: \(first)\(others) (`git add --intent-to-add` adds a file)"
  }

  /// A range with the uncommitted changes as its last commit.
  ///
  /// - Throws: `Failure(.usage)` for a source that does not end at HEAD.
  public func added(to source: String, in repository: Repository) throws(Failure) -> String {
    let ends = source.split(separator: "..", omittingEmptySubsequences: false).map(String.init)
    let tip = ends.count == 2 && !ends[1].isEmpty ? ends[1] : "HEAD"
    guard ends.count == 2, try repository.resolve(tip) == repository.resolve("HEAD") else {
      throw Failure(
        .usage, "--worktree cannot follow '\(source)'", notes: ["it needs a range that ends at HEAD: A..HEAD"])
    }
    return id.map { "\(ends[0])..\($0.hex)" } ?? source
  }

  private static func names(_ output: [UInt8]) -> [String] {
    output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }
}
