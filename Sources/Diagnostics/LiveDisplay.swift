/// The progress display of a terminal: the running steps, below the matrix that they fill in.
public struct LiveDisplay: Sendable {
  private var steps: [Step] = []
  private var matrix: LiveMatrix?

  private struct Step {
    var name: String
    var began: ContinuousClock.Instant
    var progress = ""
    var usual: String?

    /// The step with how far it is, or else with its time once that is worth a word.
    func text(at now: ContinuousClock.Instant) -> String {
      guard progress.isEmpty, now - began >= .seconds(10) else { return name + progress }
      return "\(name) (\(ProgressLog.text(now - began))\(usual.map { ", usually \($0)" } ?? ""))"
    }
  }

  /// A display without steps or a matrix.
  public init() {}

  /// Updates the display for an event.
  ///
  /// - Parameter now: the time of the event, for the estimate of the time left.
  public mutating func take(_ event: Progress.Event, at now: ContinuousClock.Instant = .now) {
    switch event {
    case .began(let name): steps.append(Step(name: name, began: now))
    case .usual(let name, let time):
      if let index = steps.firstIndex(where: { $0.name == name }) { steps[index].usual = time }
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

  /// The lines to show; empty when no work is running.
  ///
  /// - Parameter height: the number of lines that fit on the terminal.
  public func lines(height: Int, printer: Printer, at now: ContinuousClock.Instant = .now) -> [String] {
    let steps = steps.isEmpty ? [] : [steps.map { $0.text(at: now) }.joined(separator: ", ") + " …"]
    guard let matrix else { return steps }
    let below = steps + [printer.style(matrix.status(at: now), "2")]
    return matrix.lines(height: height - below.count, printer: printer) + below
  }
}
