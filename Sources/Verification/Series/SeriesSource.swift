public import Diagnostics
import FoundationEssentials
public import Git
import PatchSeries
import Support

/// Where a series to verify comes from: a folder of patches, an mbox file, or a range of commits.
public enum SeriesSource: Sendable {
  /// Patches in their order.
  case patches([SourcePatch])
  /// The commits of a range, oldest first.
  case commits([SourceCommit])

  /// A patch as it stands in a file.
  public struct SourcePatch: Sendable {
    let patch: Patch
    /// Where its hunks may stand.
    let placement: HunkPlacement
    /// Warnings from reading it. The first patch carries those about the whole series.
    var warnings: [Finding] = []
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
  /// - Parameter text: a folder, an mbox file, or `A..B`.
  /// - Returns: the series, and for a range the revision it starts from.
  /// - Throws: `Failure(.input)` when there is no such file or range, when it holds no patch or is malformed.
  public nonisolated(nonsending) static func read(
    _ text: String, in repository: Repository
  ) async throws(Failure) -> (source: SeriesSource, base: String?) {
    if let isFolder = Files.isFolder(text) {
      return (.patches(isFolder ? try await folder(text) : try await mbox(text)), nil)
    }
    return try range(text, in: repository)
  }

  /// Reads a range of commits, `A..B`.
  static func range(
    _ text: String, in repository: Repository
  ) throws(Failure) -> (source: SeriesSource, base: String?) {
    let ends = text.split(separator: "..", omittingEmptySubsequences: false).map(String.init)
    guard ends.count == 2, !ends[0].isEmpty else {
      throw Failure(
        .input, "there is no '\(text)'", notes: ["expected a folder of patches, an mbox file, or a range A..B"])
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

  /// The name of a folder that stands among patches while they are replaced. A run killed meanwhile leaves it there.
  public static let replacement = ".seriesmith.written"

  /// The suffixes of files that hold mail; b4 writes `mbx`.
  private static let endings = ["patch", "mbox", "mbx", "eml"]

  /// The files of a folder that hold mail, sorted; nil for a quilt queue or a path that is not a folder.
  static func files(in path: String) throws(Failure) -> [(name: String, bytes: [UInt8])]? {
    guard Files.isFolder(path) == true else { return nil }
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    if names.contains("series") { return nil }
    if names.contains(replacement) {
      throw Failure(
        .input, at: Place(path), "the patches are being replaced, or a run that replaced them was killed",
        notes: ["some of them may be the old ones: generate the series again"])
    }
    let folder = path.hasSuffix("/") ? path : path + "/"
    var files: [(name: String, bytes: [UInt8])] = []
    for name in names where !name.hasPrefix(".") && endings.contains(where: { name.hasSuffix("." + $0) }) {
      files.append((folder + name, try bytes(of: folder + name)))
    }
    return files
  }

  private static func folder(_ path: String) async throws(Failure) -> [SourcePatch] {
    guard let files = try files(in: path) else { return try await quilt(path.hasSuffix("/") ? path : path + "/") }
    guard !files.isEmpty else {
      throw Failure(
        .input, "no patches in '\(path)'",
        notes: [
          "expected files named \(endings.map { "*." + $0 }.joined(separator: ", ")), or a quilt folder with its 'series'"
        ])
    }
    return patches(try await PatchReader.series(files))
  }

  /// Reads a quilt folder, whose file `series` names the patches.
  private static func quilt(_ path: String) async throws(Failure) -> [SourcePatch] {
    let list = path + "series"
    var files: [(name: String, bytes: [UInt8])] = []
    for entry in try QuiltSeries(try bytes(of: list), file: list).entries {
      guard Files.isFolder(path + entry.name) == false else {
        throw Failure(.input, at: entry.place, "there is no patch '\(entry.name)' in the folder")
      }
      files.append((path + entry.name, try bytes(of: path + entry.name)))
    }
    guard !files.isEmpty else { throw Failure(.input, at: Place(list), "series names no patch") }
    return patches(try await PatchReader.series(quilt: files), placement: .nearest)
  }

  private static func mbox(_ path: String) async throws(Failure) -> [SourcePatch] {
    patches(try await PatchReader.series(mbox: try bytes(of: path), file: path))
  }

  /// A large series takes a few megabytes; a year of a mailing list is not a series.
  private static let mostBytes = 128 << 20

  private static func bytes(of path: String) throws(Failure) -> [UInt8] {
    let bytes = try Files.read(path, upTo: mostBytes + 1)
    if bytes.count <= mostBytes { return bytes }
    throw Failure(
      .input, at: Place(path), "file is larger than \(mostBytes >> 20) MiB",
      notes: ["give the series a file of its own: `b4 am` writes one"])
  }

  private static func patches(_ series: Series, placement: HunkPlacement = .stated) -> [SourcePatch] {
    var patches = series.patches.map { SourcePatch(patch: $0, placement: placement) }
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
  ///   - before: the id of the tree before the patch, in hexadecimal. A diff whose hunks may stand elsewhere than
  ///     stated is computed anew.
  ///   - after: the id of the tree after the patch.
  func mail(
    _ index: Int, from before: String, to after: String, in repository: Repository
  ) throws(Failure) -> [UInt8] {
    switch self {
    case .patches(let patches):
      var patch = patches[index - 1].patch
      if patches[index - 1].placement == .nearest, let before = ObjectID(hex: before), let after = ObjectID(hex: after)
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
