public import Diagnostics
public import Git
import PatchSeries

/// Where a series to verify comes from: files of patches, or a range of commits.
public enum SeriesSource: Sendable {
  /// Patches in their order.
  case patches([SourcePatch])
  /// The commits of a range, oldest first.
  case commits([SourceCommit])

  /// A patch as it stands in a file.
  public struct SourcePatch: Sendable {
    let patch: Patch
    let program: Program
    /// Warnings from reading it. The first patch carries those about the whole series.
    var warnings: [Finding] = []
  }

  /// What applies a patch, and so decides what it means.
  enum Program {
    case git(HunkPlacement)
    /// patch(1), which quilt calls.
    case patch
  }

  /// A commit of a range.
  public struct SourceCommit: Sendable {
    /// The first line of the commit message.
    public var subject: String
    /// The commit's own id.
    public var commit: ObjectID
    /// The tree after the commit.
    public var tree: ObjectID
    /// The commit's first parent.
    public var parent: ObjectID
  }

  /// How many patches or commits the series has.
  public var count: Int {
    switch self {
    case .patches(let patches): patches.count
    case .commits(let commits): commits.count
    }
  }

  /// The subject of each patch or commit, in order.
  public var subjects: [String] {
    switch self {
    case .patches(let patches): patches.map(\.patch.subject)
    case .commits(let commits): commits.map(\.subject)
    }
  }

  /// The version that the patches' subjects state; 1 for commits.
  public var reroll: Int {
    switch self {
    case .patches(let patches): patches.first?.patch.reroll ?? 1
    case .commits: 1
    }
  }

  /// Reads a series.
  ///
  /// - Parameters:
  ///   - text: a folder, a file, `-`, or `A..B`.
  ///   - exact: whether each hunk must apply at the line that it states.
  /// - Returns: the series, and for a range the revision it starts from.
  /// - Throws: `Failure(.input)` when there is no such file or range, when it holds no patch or is malformed.
  public nonisolated(nonsending) static func read(
    _ text: String, in repository: Repository, exact: Bool = false
  ) async throws(Failure) -> (source: SeriesSource, base: String?) {
    switch try SeriesFiles(text)?.form {
    case .mails(let files):
      var series = try await PatchReader.series(files)
      series.warnings += MailSettings.notes(in: repository)
      return (.patches(patches(series, by: .git(exact ? .stated : .asGit))), nil)
    case .queue(let files):
      return (.patches(patches(try await PatchReader.series(quilt: files), by: exact ? .git(.stated) : .patch)), nil)
    case nil: return try range(text, in: repository)
    }
  }

  /// Reads a range of commits, `A..B`.
  static func range(
    _ text: String, in repository: Repository
  ) throws(Failure) -> (source: SeriesSource, base: String?) {
    let ends = text.split(separator: "..", omittingEmptySubsequences: false).map(String.init)
    guard ends.count == 2, !ends[0].isEmpty else {
      throw Failure(
        .input, "there is no '\(text)'",
        notes: ["expected a folder of patches, an mbox, a diff, - for standard input, or a range A..B"])
    }
    let range = (from: ends[0], to: ends[1].isEmpty ? "HEAD" : ends[1])
    let commits = try repository.commits(in: range)
    guard !commits.isEmpty else { throw Failure(.input, "no commits in '\(text)'") }
    let read = commits.compactMap { commit in
      commit.parents.first.map {
        SourceCommit(subject: commit.subject, commit: commit.id, tree: commit.tree, parent: $0)
      }
    }
    return (.commits(read), range.from)
  }

  /// Tells what a source holds from all that it may hold later.
  ///
  /// - Throws: `Failure(.input)` for a source that cannot be read.
  public static func fingerprint(_ text: String, in repository: Repository) throws(Failure) -> String {
    switch try SeriesFiles(text)?.form {
    case .mails(let files), .queue(let files):
      return VerdictKey(files.flatMap { [$0.name, VerdictKey.digest(of: $0.bytes)] }).digest
    case nil:
      let (source, base) = try range(text, in: repository)
      guard case .commits(let commits) = source, let base else { return text }
      return VerdictKey([try repository.resolve(base).id.hex] + commits.map(\.commit.hex)).digest
    }
  }

  private static func patches(_ series: Series, by program: Program) -> [SourcePatch] {
    var patches = series.patches.map { SourcePatch(patch: $0, program: program) }
    if !patches.isEmpty { patches[0].warnings = series.warnings }
    return patches
  }
}

extension SeriesSource {
  /// The diff of each patch as mailed, or of each commit of a range as `git diff` prints it.
  public func diffs(in repository: Repository) throws(Failure) -> [String] {
    var diffs: [String] = []
    switch self {
    case .patches(let patches): diffs = patches.map { String(decoding: $0.patch.diff, as: UTF8.self) }
    case .commits(let commits):
      for commit in commits {
        let diff = try repository.diff(from: try repository.resolve(commit.parent.hex).tree, to: commit.tree)
        diffs.append(String(decoding: diff.text, as: UTF8.self))
      }
    }
    return diffs
  }

  /// A patch, by its one-based index, as `git format-patch` would write it, for checkers that read mail.
  ///
  /// - Parameters:
  ///   - before: the id of the tree before the patch, in hexadecimal. A diff that does not apply exactly, or is not
  ///     git's, is computed anew.
  ///   - after: the id of the tree after the patch.
  func mail(
    _ index: Int, from before: String, to after: String, in repository: Repository
  ) throws(Failure) -> [UInt8] {
    switch self {
    case .patches(let patches):
      var patch = patches[index - 1].patch
      if let before = ObjectID(hex: before), let after = ObjectID(hex: after),
        !patch.diff.starts(with: "diff --git ".utf8)
          || (try? repository.apply(patch.diff, to: before, name: patch.diffName)) != after
      {
        let diff = try repository.diff(from: before, to: after)
        (patch.diff, patch.files) = (diff.text, diff.files)
      }
      return PatchWriter(signature: "").text(patch, commit: Self.noCommit)
    case .commits(let commits):
      let source = commits[index - 1]
      let commit = try repository.resolve(source.commit.hex)
      let diff = try repository.diff(from: try repository.resolve(source.parent.hex).tree, to: source.tree)
      let patch = Patch(
        subject: commit.subject, author: commit.author, body: commit.body, number: index, total: commits.count,
        reroll: 1, diff: diff.text, files: diff.files)
      return PatchWriter(signature: "").text(patch, commit: source.commit.hex)
    }
  }

  private static let noCommit = String(repeating: "0", count: 40)
}
