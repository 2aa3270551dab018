public import Diagnostics
import FoundationEssentials
public import Git
import PatchSeries

/// Where a series to verify comes from: a folder of patches, an mbox file, or a range of commits.
public enum SeriesSource: Sendable {
  /// Patches in their order.
  case patches([SourcePatch])
  case commits([SourceCommit])

  /// A patch as it stands in a file.
  public struct SourcePatch: Sendable {
    public var subject: String
    public var file: String
    /// Where the diff starts in the file, one-based.
    public var line: Int
    public var diff: [UInt8]

    public init(subject: String, file: String, line: Int = 1, diff: [UInt8]) {
      self.subject = subject
      self.file = file
      self.line = line
      self.diff = diff
    }
  }

  /// A commit of a range.
  public struct SourceCommit: Sendable {
    public var subject: String
    public var commit: ObjectID
    public var tree: ObjectID
    public var parent: ObjectID
  }

  public var count: Int {
    switch self {
    case .patches(let patches): patches.count
    case .commits(let commits): commits.count
    }
  }

  public var subjects: [String] {
    switch self {
    case .patches(let patches): patches.map(\.subject)
    case .commits(let commits): commits.map(\.subject)
    }
  }

  /// Reads a series.
  ///
  /// - Parameter text: a folder, an mbox file, or `A..B`.
  /// - Returns: the series, and for a range the revision it starts from.
  /// - Throws: `Failure(.input)` when there is no such file or range, when it holds no patch or is malformed.
  public static func read(
    _ text: String, in repository: Repository
  ) throws(Failure) -> (source: SeriesSource, base: String?) {
    if let isFolder = isFolder(text) {
      return (.patches(try isFolder ? folder(text) : mbox(text)), nil)
    }
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

  private static func folder(_ path: String) throws(Failure) -> [SourcePatch] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    var files: [(name: String, bytes: [UInt8])] = []
    for name in names.sorted() where name.hasSuffix(".patch") {
      let file = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
      files.append((file, try bytes(of: file)))
    }
    guard !files.isEmpty else { throw Failure(.input, "no patches in '\(path)'") }
    return patches(try PatchReader.series(files))
  }

  private static func mbox(_ path: String) throws(Failure) -> [SourcePatch] {
    patches(try PatchReader.series(mbox: try bytes(of: path), file: path))
  }

  private static func bytes(of path: String) throws(Failure) -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure(.input, at: Place(path), "cannot read the file")
    }
    return Array(data)
  }

  private static func patches(_ series: Series) -> [SourcePatch] {
    series.patches.map { SourcePatch(subject: $0.subject, file: $0.fileName, line: $0.diffLine, diff: $0.diff) }
  }
}
