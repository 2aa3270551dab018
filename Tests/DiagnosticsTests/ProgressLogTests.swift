import Diagnostics
import Testing

@Suite struct ProgressLogTests {
  /// The lines of a log that is asked each second what is due; the events come at their seconds.
  private func lines(_ events: [(second: Double, event: Progress.Event)], until end: Int) -> [String] {
    let start = ContinuousClock.now
    var log = ProgressLog()
    var text = ""
    var events = events[...]
    for second in 0...end {
      while let next = events.first, next.second <= Double(second) {
        text += log.take(next.event, printer: Printer(color: false), at: start + .seconds(next.second))
        events.removeFirst()
      }
      text += log.due(at: start + .seconds(second))
    }
    return text.split(separator: "\n").map(String.init)
  }

  @Test func aShortStepHasOneLine() {
    let events: [(Double, Progress.Event)] = [
      (0, .began("a")), (1.2, .ended("a", outcome: "3 files", seconds: 1.2)), (2, .began("b")),
      (2, .ended("b", outcome: nil, seconds: 0.01)), (3, .note("c")),
    ]
    #expect(lines(events, until: 100) == ["a: 3 files (1.2 s)", "c"])
  }

  @Test func aLongStepIsNeverSilentForMoreThanAMinute() {
    let events: [(Double, Progress.Event)] = [
      (0, .began("a")), (0, .usual("a", "ten minutes")), (150, .ended("a", outcome: nil, seconds: 150)),
    ]
    #expect(
      lines(events, until: 300) == ["a … (usually ten minutes)", "a …, 62 s", "a …, 2 min", "a (150.0 s)"])
  }

  @Test func aStepThatCountsSaysHowFarItIs() {
    let events: [(Double, Progress.Event)] =
      [(0, .began("a"))] + (1...50).map { (Double($0), .advanced("a", done: $0, total: 50)) }
      + [(50, .ended("a", outcome: nil, seconds: 50))]
    #expect(lines(events, until: 60) == ["a … 2/50", "a … 22/50, 22 s", "a … 42/50, 42 s", "a (50.0 s)"])
  }

  @Test func stepsThatRunSideBySideAreToldApart() {
    let events: [(Double, Progress.Event)] = [
      (0, .began("a")), (1, .began("b")), (4, .ended("a", outcome: nil, seconds: 4)),
      (5, .ended("b", outcome: "done", seconds: 4)),
    ]
    #expect(lines(events, until: 10) == ["a …", "b …", "a (4.0 s)", "b: done (4.0 s)"])
  }
}
