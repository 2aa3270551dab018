extension VerifyReport {
  /// A column of a report: a check, or a lane that compiles.
  public struct Column: Hashable, Sendable {
    /// The check whose outcomes the column shows.
    public var name: CheckName
    /// The lane of a compile column; nil for a check's column.
    public var lane: String?
    /// The column's heading: the lane, else the check.
    public var title: String { lane ?? name.rawValue }
  }

  /// The outcome of a column's checks at a commit.
  public enum Mark: String, Sendable {
    case passed, failed
    /// There was nothing to check.
    case idle
    /// A check did not run or could not decide.
    case unchecked

    /// - Parameter checks: a commit's checks in one column.
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

  /// A column for each check that any commit has, and for each lane that compiles. Compile findings without a lane have
  /// no column.
  public var columns: [Column] {
    var seen: Set<Column> = []
    let all = commits.flatMap(\.checks).map { Column(name: $0.name, lane: $0.name == .compile ? $0.lane : nil) }
    return all.filter { ($0.name != .compile || $0.lane != nil) && seen.insert($0).inserted }
  }
}

extension CommitReport {
  /// The commit's checks that belong in a column.
  public func checks(of column: VerifyReport.Column) -> [CheckReport] {
    checks.filter { $0.name == column.name && (column.lane == nil || $0.lane == column.lane) }
  }
}
