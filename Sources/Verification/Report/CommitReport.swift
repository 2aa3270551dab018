public import Diagnostics

/// One commit of a series and what each check reports about it.
public struct CommitReport: Hashable, Sendable, Codable {
  /// The commit's position in the series, one-based.
  public var index: Int
  /// The commit's subject, without a `[PATCH n/m]` prefix.
  public var subject: String
  /// The tree after the commit; nil when it, or one before it, does not apply.
  public var tree: String?
  /// Whether the commit stands, judged by all its checks.
  public var verdict: SeriesVerdict
  /// One entry per check and lane, in the order in which reports show them.
  public var checks: [CheckReport]

  /// - Parameters:
  ///   - index: the commit's position in the series, one-based.
  ///   - tree: nil when the commit, or one before it, does not apply.
  public init(index: Int, subject: String, tree: String?, verdict: SeriesVerdict, checks: [CheckReport]) {
    self.index = index
    self.subject = subject
    self.tree = tree
    self.verdict = verdict
    self.checks = checks
  }

  enum CodingKeys: String, CodingKey {
    case index, subject, tree, verdict, checks
  }

  /// Writes every key; a missing tree becomes null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(index, forKey: .index)
    try container.encode(subject, forKey: .subject)
    try container.encode(tree, forKey: .tree)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(checks, forKey: .checks)
  }
}

/// One check at one commit, in one lane when the check compiles.
public struct CheckReport: Hashable, Sendable, Codable {
  /// The outcome of a check; `skipped` means that it did not run or could not decide.
  public enum Verdict: String, Sendable, Codable {
    case pass, fail, skipped
  }

  /// Which check it is.
  public var name: CheckName
  /// The lane it ran in; nil when it depends on no lane.
  public var lane: String?
  /// Whether the commit passes the check.
  public var verdict: Verdict
  /// How many units it looked at: objects for the link check, files for kernel-doc.
  public var units: Int
  /// How many of them the verdict store answered for.
  public var cached: Int
  /// The time its work took, summed over parallel work.
  public var seconds: Double
  /// What it found, accepted findings included.
  public var findings: [ReportedFinding]

  /// - Parameters:
  ///   - units: how many units the check looked at.
  ///   - cached: how many of them the verdict store answered for.
  ///   - seconds: the time its work took, summed over parallel work.
  public init(
    name: CheckName, lane: String? = nil, verdict: Verdict, units: Int = 0, cached: Int = 0, seconds: Double = 0,
    findings: [ReportedFinding] = []
  ) {
    self.name = name
    self.lane = lane
    self.verdict = verdict
    self.units = units
    self.cached = cached
    self.seconds = seconds
    self.findings = findings
  }

  enum CodingKeys: String, CodingKey {
    case name, lane, verdict, units, cached, seconds, findings
  }

  /// Writes every key; a missing lane becomes null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(lane, forKey: .lane)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(units, forKey: .units)
    try container.encode(cached, forKey: .cached)
    try container.encode(seconds, forKey: .seconds)
    try container.encode(findings, forKey: .findings)
  }
}

/// The checks, in the order in which a failure of one explains the next.
public enum CheckName: String, Sendable, Codable, CaseIterable {
  case apply, structure, compile, link, devicetree, rust, userspace, documentation, style
  case kernelDoc = "kernel-doc"
  case sparse
}

/// A finding as the report carries it.
public struct ReportedFinding: Hashable, Sendable, Codable {
  /// A file of the tree, or the patch's own file; nil for a finding without a place.
  public var file: String?
  /// One-based; nil when the finding is about the whole file.
  public var line: Int?
  /// One-based, in bytes from the start of the line.
  public var column: Int?
  /// `.note` for an accepted finding, `.check` for one of checkpatch; the JSON calls both a warning.
  public var severity: Finding.Severity
  /// One line, without the place.
  public var message: String
  /// Causes and next steps. The JSON leaves them out.
  public var notes: [String] = []
  /// Why the author accepts the finding; nil when it is not accepted. The JSON leaves it out.
  public var accepted: String?

  /// Copies a finding, which nobody has accepted yet.
  public init(_ finding: Finding) {
    self.file = finding.place?.file
    self.line = finding.place?.line
    self.column = finding.place?.column
    self.severity = finding.severity
    self.message = finding.message
    self.notes = finding.notes
  }

  /// The finding as `Printer` takes it; the reason for accepting it becomes a note.
  public var finding: Finding {
    Finding(
      severity, at: file.map { Place($0, line: line, column: column) }, message,
      notes: notes + (accepted.map { ["accepted: \($0)"] } ?? []))
  }

  enum CodingKeys: String, CodingKey {
    case file, line, column, severity, message
  }

  /// Writes every key; a missing place becomes nulls, a note becomes a warning.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(file, forKey: .file)
    try container.encode(line, forKey: .line)
    try container.encode(column, forKey: .column)
    // seriesmith.verify/1 has no other severities.
    try container.encode(severity == .error ? severity : .warning, forKey: .severity)
    try container.encode(message, forKey: .message)
  }
}
