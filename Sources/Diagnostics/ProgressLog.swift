/// What a log shows of running steps, where nothing can be redrawn: each one once it has run for a moment, how far it is
/// from time to time, and when it ends.
public struct ProgressLog: Sendable {
  private var steps: [Step] = []

  private struct Step {
    var name: String
    var began: ContinuousClock.Instant
    /// When the log last had a line about it.
    var said: ContinuousClock.Instant?
    var usual: String?
    var progress: (done: Int, total: Int)?
  }

  /// A step that ends sooner has one line, when it ends.
  private static let moment = Duration.seconds(2)
  /// How long a step that counts its work may be silent.
  private static let silence = Duration.seconds(20)
  /// How long a step that does not may be silent.
  private static let longSilence = Duration.seconds(60)
  /// In seconds: a step without an outcome that took less has no line.
  private static let worthALine = 0.05

  /// A log of no steps.
  public init() {}

  /// Notes an event; returns what it adds to the log, in lines that end with a newline.
  ///
  /// - Parameters:
  ///   - printer: how the time of an ended step is styled.
  ///   - now: the time of the event.
  public mutating func take(
    _ event: Progress.Event, printer: Printer, at now: ContinuousClock.Instant = .now
  ) -> String {
    switch event {
    case .began(let name): steps.append(Step(name: name, began: now))
    case .usual(let name, let time): change(name) { $0.usual = time }
    case .advanced(let name, let done, let total): change(name) { $0.progress = (done, total) }
    case .ended(let name, let outcome, let seconds):
      if let index = steps.firstIndex(where: { $0.name == name }) { steps.remove(at: index) }
      guard outcome != nil || seconds >= Self.worthALine else { return "" }
      let tenths = Int((seconds * 10).rounded())
      let time = printer.style("(\(tenths / 10).\(tenths % 10) s)", "2")
      return name + (outcome.map { ": \($0)" } ?? "") + " \(time)\n"
    case .note(let text): return text + "\n"
    case .matrix: break
    }
    return ""
  }

  /// What the log says now of steps that it has been silent about for too long.
  public mutating func due(at now: ContinuousClock.Instant = .now) -> String {
    var text = ""
    for index in steps.indices {
      let step = steps[index]
      let patience = step.said == nil ? Self.moment : step.progress == nil ? Self.longSilence : Self.silence
      guard now - (step.said ?? step.began) >= patience else { continue }
      steps[index].said = now
      let progress = step.progress.map { " \($0.done)/\($0.total)" } ?? ""
      let time = step.said == nil ? step.usual.map { " (usually \($0))" } ?? "" : ", \(Self.text(now - step.began))"
      text += "\(step.name) …\(progress)\(time)\n"
    }
    return text
  }

  /// "40 s", "3 min".
  static func text(_ duration: Duration) -> String {
    let seconds = Int(duration.seconds.rounded())
    return seconds < 100 ? "\(seconds) s" : "\(Int((duration.seconds / 60).rounded())) min"
  }

  private mutating func change(_ name: String, _ body: (inout Step) -> Void) {
    if let index = steps.firstIndex(where: { $0.name == name }) { body(&steps[index]) }
  }
}
