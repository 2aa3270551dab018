public import Diagnostics
public import FoundationEssentials

/// What `verify` found out about a series: the model behind `seriesmith.verify/1`.
public struct VerifyReport: Hashable, Sendable, Codable {
  /// The name and version of the JSON that this program writes.
  public static let schema = "seriesmith.verify/1"

  /// The name and version of the JSON that holds the report.
  public var schema = Self.schema
  /// The verdict on the whole series.
  public var verdict: SeriesVerdict
  /// What the series was applied to.
  public var base: Base
  /// The first commit that falls; nil when none does.
  public var firstBad: FirstBad?
  /// Which of the changed files no check has looked at.
  public var coverage: Accounting
  /// One entry per patch, in order.
  public var commits: [CommitReport]
  /// How much was compiled; nil when nothing was to be. It differs from run to run, so the JSON leaves it out.
  public var work: CompileWork?
  /// The part of the work that the report covers; nil for all of it. A partial report is not written as this JSON.
  public var shard: Shard?
  /// The files that findings name and that no tree of the series has, such as its patches. The JSON leaves them out.
  public var strays: Set<String> = []

  /// What the series was applied to.
  public struct Base: Hashable, Sendable, Codable {
    /// The commit's object id in hexadecimal.
    public var rev: String
    /// The tree's object id in hexadecimal.
    public var tree: String

    /// - Parameters:
    ///   - rev: the commit's object id in hexadecimal.
    ///   - tree: the tree's object id in hexadecimal.
    public init(rev: String, tree: String) {
      self.rev = rev
      self.tree = tree
    }
  }

  /// Which of the changed files no check has looked at.
  public struct Accounting: Hashable, Sendable, Codable {
    /// A changed file that no check has looked at, or that none has to.
    public struct File: Hashable, Sendable, Codable {
      /// The path in the tree.
      public var file: String
      /// Why no check has looked at it, or why none has to.
      public var why: String
      /// What would look at it: a lane, a depth, a program; nil when nothing is known to.
      public var needs: String?
      /// Why the author accepts that no check has looked at it; nil when that is not accepted. The JSON leaves it out.
      public var accepted: String?

      /// - Parameters:
      ///   - why: why no check has looked at the file, or why none has to.
      ///   - needs: what would look at it; nil when nothing is known to.
      ///   - accepted: why the author accepts that no check has looked at it.
      public init(file: String, why: String, needs: String? = nil, accepted: String? = nil) {
        (self.file, self.why, self.needs, self.accepted) = (file, why, needs, accepted)
      }

      private enum CodingKeys: String, CodingKey { case file, why, needs }

      /// Writes every key; a file that needs nothing known gets null.
      public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(why, forKey: .why)
        try container.encode(needs, forKey: .needs)
      }
    }

    /// How many files the whole series touches.
    public var changedFiles: Int
    /// Changed `.c` and `.S` files that no lane compiled, sorted.
    public var neverCompiled: [String]
    /// Changed files that no check has looked at, those never compiled included, sorted.
    public var unchecked: [File]
    /// Changed files that nothing has to look at, sorted.
    public var exempt: [File]
    /// Whether the depth asks that every changed file is accounted for. The JSON leaves it out.
    public var isAccounted = true

    /// - Parameters:
    ///   - changedFiles: how many files the whole series touches.
    ///   - neverCompiled: changed `.c` and `.S` files that no lane compiled, sorted.
    ///   - unchecked: changed files that no check has looked at, sorted.
    ///   - exempt: changed files that nothing has to look at, sorted.
    ///   - isAccounted: whether the depth asks that every changed file is accounted for.
    public init(
      changedFiles: Int, neverCompiled: [String] = [], unchecked: [File] = [], exempt: [File] = [],
      isAccounted: Bool = true
    ) {
      self.isAccounted = isAccounted
      self.changedFiles = changedFiles
      self.neverCompiled = neverCompiled
      self.unchecked = unchecked
      self.exempt = exempt
    }

    enum CodingKeys: String, CodingKey {
      case unchecked, exempt
      case changedFiles = "changed_files"
      case neverCompiled = "never_compiled"
    }
  }

  /// - Parameters:
  ///   - commits: one entry per patch, in order.
  ///   - work: nil when nothing was to be compiled.
  ///   - shard: the part of the work that the report covers; nil for all of it.
  ///   - strays: the files that findings name and that no tree of the series has.
  public init(
    verdict: SeriesVerdict, base: Base, firstBad: FirstBad?, coverage: Accounting, commits: [CommitReport],
    work: CompileWork? = nil, shard: Shard? = nil, strays: Set<String> = []
  ) {
    self.strays = strays
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

  /// Writes every key of `seriesmith.verify/1`; a missing first bad commit becomes null.
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

/// The verdict on a commit, and on a whole series.
public enum SeriesVerdict: String, Sendable, Codable {
  /// Every check ran and passed.
  case stands
  /// A check failed.
  case falls
  /// Nothing failed, but something could not be checked.
  case incomplete
}

extension VerifyReport {
  /// The report as `seriesmith.verify/1`: keys sorted, nulls explicit, a final newline.
  public func json() throws(Failure) -> Data { try ReportJSON.data(self) }

  /// The exit status that this report calls for.
  public var exitStatus: ExitStatus {
    switch verdict {
    case .stands: .holds
    case .falls, .incomplete: .falls
    }
  }
}
