/// What `verify` found out about a series: the model behind `seriesmith.verify/1`.
public struct VerifyReport: Hashable, Sendable, Codable {
  public static let schema = "seriesmith.verify/1"

  public var schema = Self.schema
  public var verdict: SeriesVerdict
  public var base: Base
  public var firstBad: FirstBad?
  public var coverage: Coverage
  public var commits: [CommitReport]
  /// How much was compiled; nil where nothing was to be. It differs from run to run, so it is no part of the JSON.
  public var work: CompileWork?
  /// The part of the work that this is the report of; nil for all of it. A part is not written as this JSON.
  public var shard: Shard?

  /// What the series was applied to.
  public struct Base: Hashable, Sendable, Codable {
    public var rev: String
    public var tree: String

    public init(rev: String, tree: String) {
      self.rev = rev
      self.tree = tree
    }
  }

  /// Which of the changed files some compiler saw.
  public struct Coverage: Hashable, Sendable, Codable {
    /// How many files the whole series touches.
    public var changedFiles: Int
    /// Changed `.c` files that no lane compiled, sorted.
    public var neverCompiled: [String]

    public init(changedFiles: Int, neverCompiled: [String] = []) {
      self.changedFiles = changedFiles
      self.neverCompiled = neverCompiled
    }

    enum CodingKeys: String, CodingKey {
      case changedFiles = "changed_files"
      case neverCompiled = "never_compiled"
    }
  }

  public init(
    verdict: SeriesVerdict, base: Base, firstBad: FirstBad?, coverage: Coverage, commits: [CommitReport],
    work: CompileWork? = nil, shard: Shard? = nil
  ) {
    self.shard = shard
    self.work = work
    self.verdict = verdict
    self.base = base
    self.firstBad = firstBad
    self.coverage = coverage
    self.commits = commits
  }

  enum CodingKeys: String, CodingKey {
    case schema, verdict, base, coverage, commits
    case firstBad = "first_bad"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(schema, forKey: .schema)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(base, forKey: .base)
    try container.encode(firstBad, forKey: .firstBad)
    try container.encode(coverage, forKey: .coverage)
    try container.encode(commits, forKey: .commits)
  }
}

/// What is said of a commit, and of a whole series.
public enum SeriesVerdict: String, Sendable, Codable {
  /// Every check was made and passed.
  case stands
  /// A check failed.
  case falls
  /// Nothing failed, but something could not be checked.
  case incomplete
}
