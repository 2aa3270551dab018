/// Receives progress reports from long-running work. The command decides whether and how to show them.
public struct Progress: Sendable {
  /// A report of progress.
  public enum Event: Sendable {
    /// A step began; it is shown until its `ended`.
    case began(String)
    /// How long the step that just began usually takes, in a few words ("two minutes").
    case usual(String, String)
    /// The step ended. `outcome` is a few words ("9 patches, 32 files"), or nil.
    case ended(String, outcome: String?, seconds: Double)
    /// A step advanced: `done` of `total` units of work.
    case advanced(String, done: Int, total: Int)
    /// A line that stays on the terminal.
    case note(String)
    /// A change in the matrix of units, whose columns are steps as well.
    case matrix(MatrixEvent)
  }

  /// A change in a matrix of units of work: a row per state of a series, a column per step that covers all states.
  public enum MatrixEvent: Sendable {
    /// The matrix appeared, with these titles.
    case began(rows: [String], columns: [String])
    /// A column has this number of units in each row.
    case planned(column: String, units: [Int])
    /// A unit is done; `isBad` marks its cell as bad.
    case done(column: String, row: Int, isBad: Bool)
    /// All units of a column are done.
    case completed(column: String)
    /// The matrix is finished and disappears.
    case ended
  }

  /// Receives each event, on any thread.
  public let report: @Sendable (Event) -> Void

  /// Sends events to `report`.
  public init(_ report: @escaping @Sendable (Event) -> Void) {
    self.report = report
  }

  /// Discards all events.
  public static let silent = Progress { _ in }

  /// Runs `work` as the step `name`; reports its start, its duration and the summary that `outcome` makes of its result.
  ///
  /// - Parameter usually: how long it takes, for a step that is long and cannot say how far it is.
  public nonisolated(nonsending) func step<T>(
    _ name: String, usually: String? = nil, outcome: (T) -> String? = { _ in nil },
    _ work: () async throws(Failure) -> T
  ) async throws(Failure) -> T {
    let clock = ContinuousClock()
    let start = clock.now
    report(.began(name))
    if let usually { report(.usual(name, usually)) }
    do {
      let result = try await work()
      report(.ended(name, outcome: outcome(result), seconds: clock.now - start))
      return result
    } catch {
      report(.ended(name, outcome: error.status == .interrupted ? "interrupted" : "failed", seconds: clock.now - start))
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
