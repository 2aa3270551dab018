public import Diagnostics

/// One commit of a series and what each check said of it.
public struct CommitReport: Hashable, Sendable, Codable {
  /// One-based.
  public var index: Int
  public var subject: String
  /// The tree after the commit; nil when it, or one before it, does not apply.
  public var tree: String?
  public var verdict: SeriesVerdict
  public var checks: [CheckReport]

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
  public enum Verdict: String, Sendable, Codable {
    case pass, fail, skipped
  }

  public var name: CheckName
  public var lane: String?
  public var verdict: Verdict
  /// How many units it looked at.
  public var units: Int
  /// How many of them the verdict store answered for.
  public var cached: Int
  /// The time its work took, summed over parallel work.
  public var seconds: Double
  public var findings: [ReportedFinding]

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
  case apply, structure, compile, link, style
  case kernelDoc = "kernel-doc"
  case sparse
}

/// A finding as the report carries it.
public struct ReportedFinding: Hashable, Sendable, Codable {
  public var file: String?
  public var line: Int?
  public var column: Int?
  public var severity: Finding.Severity
  public var message: String
  /// For the text report only; the JSON has no place for them.
  public var notes: [String] = []
  /// Why it is let stand; nil where nobody said so. Not part of the JSON either, where it is a note.
  public var accepted: String?

  public init(_ finding: Finding) {
    self.file = finding.place?.file
    self.line = finding.place?.line
    self.column = finding.place?.column
    self.severity = finding.severity
    self.message = finding.message
    self.notes = finding.notes
  }

  /// The finding for `Printer`.
  public var finding: Finding {
    Finding(
      severity, at: file.map { Place($0, line: line, column: column) }, message,
      notes: notes + (accepted.map { ["accepted: \($0)"] } ?? []))
  }

  enum CodingKeys: String, CodingKey {
    case file, line, column, severity, message
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(file, forKey: .file)
    try container.encode(line, forKey: .line)
    try container.encode(column, forKey: .column)
    // seriesmith.verify/1 knows no notes.
    try container.encode(severity == .note ? .warning : severity, forKey: .severity)
    try container.encode(message, forKey: .message)
  }
}
