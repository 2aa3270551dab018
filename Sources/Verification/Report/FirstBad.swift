/// The first commit that falls, why, and which later patch mends it.
public struct FirstBad: Hashable, Sendable, Codable {
  /// One-based.
  public var index: Int
  public var check: CheckName
  public var lane: String?
  /// A sentence that names the file.
  public var reason: String
  /// The later patch that mends it; nil when none does.
  public var fixedBy: Int?

  public init(index: Int, check: CheckName, lane: String?, reason: String, fixedBy: Int?) {
    self.index = index
    self.check = check
    self.lane = lane
    self.reason = reason
    self.fixedBy = fixedBy
  }

  enum CodingKeys: String, CodingKey {
    case index, check, lane, reason
    case fixedBy = "fixed_by"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(index, forKey: .index)
    try container.encode(check, forKey: .check)
    try container.encode(lane, forKey: .lane)
    try container.encode(reason, forKey: .reason)
    try container.encode(fixedBy, forKey: .fixedBy)
  }
}
