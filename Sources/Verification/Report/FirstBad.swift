import Diagnostics

/// The first commit that falls, why, and which later patch fixes it.
public struct FirstBad: Hashable, Sendable, Codable {
  /// The commit's position in the series, one-based.
  public var index: Int
  /// The failing check that best explains why the commit falls.
  public var check: CheckName
  /// The lane in which the check fails; nil when it depends on no lane.
  public var lane: String?
  /// Place and message of the finding, then how to fix the series when a later patch fixes it.
  public var reason: String
  /// The later patch that fixes the commit, one-based; nil when none does.
  public var fixedBy: Int?

  /// - Parameters:
  ///   - index: the commit's position in the series, one-based.
  ///   - fixedBy: the later patch that fixes the commit, one-based.
  public init(index: Int, check: CheckName, lane: String?, reason: String, fixedBy: Int?) {
    self.index = index
    self.check = check
    self.lane = lane
    self.reason = reason
    self.fixedBy = fixedBy
  }

  /// How to fix the series, if `reason` says so after this finding; nil if it says nothing, or is about another one.
  public func advice(on finding: ReportedFinding) -> String? {
    let start = Self.reason(of: finding) + Self.separator
    return reason.hasPrefix(start) ? String(reason.dropFirst(start.count)) : nil
  }

  /// What a reason says of a finding: its place and its message.
  static func reason(of finding: ReportedFinding) -> String {
    (finding.finding.place.map { "\($0): " } ?? "") + finding.message
  }

  /// Stands in a reason between the finding and the advice.
  static let separator = "; "

  enum CodingKeys: String, CodingKey {
    case index, check, lane, reason
    case fixedBy = "fixed_by"
  }

  /// Writes every key; a missing lane or fix becomes null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(index, forKey: .index)
    try container.encode(check, forKey: .check)
    try container.encode(lane, forKey: .lane)
    try container.encode(reason, forKey: .reason)
    try container.encode(fixedBy, forKey: .fixedBy)
  }
}
