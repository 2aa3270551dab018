extension VerifyReport {
  /// A column of a report: a check, or a lane that compiles.
  public struct Column: Hashable, Sendable {
    public var name: CheckName
    public var lane: String?
    public var title: String { lane ?? name.rawValue }
  }

  /// What a report says of a commit in a column.
  public enum Mark: String, Sendable {
    case passed, failed
    /// There was nothing in it to look at.
    case idle
    /// It could not be looked at.
    case unchecked

    public init(_ checks: [CheckReport]) {
      if checks.contains(where: { $0.verdict == .fail }) {
        self = .failed
      } else if checks.isEmpty || checks.contains(where: { $0.verdict == .skipped }) {
        self = .unchecked
      } else if [.compile, .link, .sparse].contains(checks[0].name) && checks.allSatisfy({ $0.units == 0 }) {
        self = .idle
      } else {
        self = .passed
      }
    }
  }

  /// The checks that any commit has, and each lane that compiles; findings that belong to no lane have no column of
  /// their own.
  public var columns: [Column] {
    var seen: Set<Column> = []
    let all = commits.flatMap(\.checks).map { Column(name: $0.name, lane: $0.name == .compile ? $0.lane : nil) }
    return all.filter { ($0.name != .compile || $0.lane != nil) && seen.insert($0).inserted }
  }
}

extension CommitReport {
  /// The checks that a column is about.
  public func checks(of column: VerifyReport.Column) -> [CheckReport] {
    checks.filter { $0.name == column.name && (column.lane == nil || $0.lane == column.lane) }
  }
}
