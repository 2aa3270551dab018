/// Where long work says what it is doing. The command decides whether and how to show it.
public struct Progress: Sendable {
  public enum Event: Sendable {
    /// A step began; it is shown until its `ended`.
    case began(String)
    /// The step ended. `outcome` is a few words ("9 patches, 32 files"), or nil.
    case ended(String, outcome: String?, seconds: Double)
    /// A step moved on: `done` of `total` units of work.
    case advanced(String, done: Int, total: Int)
    /// A line worth keeping.
    case note(String)
    /// Something happened in a matrix of units, whose columns are steps as well.
    case matrix(MatrixEvent)
  }

  /// What happens in a matrix of units of work: a row a state of a series, a column what is done to all of them.
  public enum MatrixEvent: Sendable {
    case began(rows: [String], columns: [String])
    /// How many units a column has in each row.
    case planned(column: String, units: [Int])
    /// A unit is done; it may have turned out bad.
    case done(column: String, row: Int, isBad: Bool)
    /// All units of a column are done.
    case completed(column: String)
    case ended
  }

  public let report: @Sendable (Event) -> Void

  public init(_ report: @escaping @Sendable (Event) -> Void) {
    self.report = report
  }

  public static let silent = Progress { _ in }

  /// Runs `work` as the step `name` and reports how long it took and what `outcome` says of its result.
  public nonisolated(nonsending) func step<T>(
    _ name: String, outcome: (T) -> String? = { _ in nil }, _ work: () async throws(Failure) -> T
  ) async throws(Failure) -> T {
    let clock = ContinuousClock()
    let start = clock.now
    report(.began(name))
    do {
      let result = try await work()
      report(.ended(name, outcome: outcome(result), seconds: clock.now - start))
      return result
    } catch {
      report(.ended(name, outcome: "failed", seconds: clock.now - start))
      throw error
    }
  }
}

extension Duration {
  /// The duration in seconds, for reports.
  public var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}

extension Progress.Event {
  static func ended(_ name: String, outcome: String?, seconds: Duration) -> Self {
    .ended(name, outcome: outcome, seconds: seconds.seconds)
  }
}
