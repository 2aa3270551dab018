/// What a terminal shows of work under way: the steps that have begun, below the matrix that they fill in.
public struct LiveDisplay: Sendable {
  private var steps: [Step] = []
  private var matrix: LiveMatrix?

  private struct Step {
    var name: String
    var progress = ""
  }

  public init() {}

  public mutating func take(_ event: Progress.Event, at now: ContinuousClock.Instant = .now) {
    switch event {
    case .began(let name): steps.append(Step(name: name))
    case .ended(let name, _, _):
      if let index = steps.firstIndex(where: { $0.name == name }) { steps.remove(at: index) }
    case .advanced(let name, let done, let total):
      if let index = steps.firstIndex(where: { $0.name == name }) { steps[index].progress = " \(done)/\(total)" }
    case .note: break
    case .matrix(.began(let rows, let columns)): matrix = LiveMatrix(rows: rows, columns: columns)
    case .matrix(.ended): matrix = nil
    case .matrix(let event): matrix?.take(event, at: now)
    }
  }

  /// The lines to show; none when nothing is under way.
  ///
  /// - Parameter height: how many lines there is room for.
  public func lines(height: Int, printer: Printer, at now: ContinuousClock.Instant = .now) -> [String] {
    let steps = steps.isEmpty ? [] : [steps.map { $0.name + $0.progress }.joined(separator: ", ") + " …"]
    guard let matrix else { return steps }
    let below = steps + [printer.style(matrix.status(at: now), "2")]
    return matrix.lines(height: height - below.count, printer: printer) + below
  }
}
