import Synchronization

/// The time that each step of a run took.
public final class StepTimes: Sendable {
  private let ended = Mutex<[(name: String, seconds: Double)]>([])

  /// No step has ended yet.
  public init() {}

  /// Notes the steps that `progress` is told of, which goes on to be told.
  public func noting(_ progress: Progress) -> Progress {
    Progress { [self] event in
      if case .ended(let name, _, let seconds) = event { ended.withLock { $0.append((name, seconds)) } }
      progress.report(event)
    }
  }

  /// A line for each step in the order in which they ended; several of one name share a line.
  public var text: String {
    var names: [String] = []
    var sums: [String: Double] = [:]
    for (name, seconds) in ended.withLock({ $0 }) {
      if sums[name] == nil { names.append(name) }
      sums[name, default: 0] += seconds
    }
    return names.map { Self.line($0, sums[$0] ?? 0) }.joined()
  }

  /// `     12.3 s  Preparing lane arm64`, with a newline.
  public static func line(_ name: String, _ seconds: Double) -> String {
    let tenths = Int((seconds * 10).rounded())
    let number = "\(tenths / 10).\(tenths % 10)"
    return String(repeating: " ", count: max(0, 9 - number.count)) + "\(number) s  \(name)\n"
  }
}
