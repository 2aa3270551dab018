import Diagnostics
import Testing

@Suite struct LiveDisplayTests {
  private let printer = Printer(color: false)

  private func shown(_ events: [Progress.Event], height: Int = 20, after seconds: [Double] = []) -> [String] {
    let start = ContinuousClock.now
    var display = LiveDisplay()
    var now = start
    for (index, event) in events.enumerated() {
      if index < seconds.count { now = start + .seconds(seconds[index]) }
      display.take(event, at: now)
    }
    return display.lines(height: height, printer: printer, at: now)
  }

  private static let began = [
    Progress.Event.matrix(.began(rows: ["1/3 one", "2/3 two", "3/3 three"], columns: ["x86_64", "arm"])),
    .matrix(.planned(column: "x86_64", units: [2, 0, 4])),
  ]

  @Test func showsAllStepsThatHaveBegun() {
    #expect(shown([.began("a"), .began("b"), .advanced("b", done: 1, total: 3)]) == ["a, b 1/3 …"])
    #expect(shown([.began("a"), .began("b"), .ended("a", outcome: nil, seconds: 1)]) == ["b …"])
    #expect(shown([.began("a"), .ended("a", outcome: nil, seconds: 1)]) == [])
  }

  @Test func aMatrixFillsIn() {
    let events: [Progress.Event] = [
      .began("Compiling"), .matrix(.done(column: "x86_64", row: 0, isBad: false)),
      .matrix(.done(column: "x86_64", row: 0, isBad: false)), .matrix(.done(column: "x86_64", row: 2, isBad: false)),
      .matrix(.done(column: "x86_64", row: 2, isBad: false)),
    ]
    #expect(
      shown(Self.began + events) == [
        "x86_64", "│ arm", "✓    1/3 one", "·    2/3 two", "▄    3/3 three", "Compiling …", "4 of 6 units",
      ])
    let more: [Progress.Event] = [
      .matrix(.planned(column: "arm", units: [1, 1, 0])), .matrix(.done(column: "arm", row: 1, isBad: true)),
      .matrix(.completed(column: "x86_64")),
    ]
    #expect(
      shown(Self.began + events + more) == [
        "x86_64", "│ arm", "✓ ▁  1/3 one", "· ✗  2/3 two", "✓ ·  3/3 three", "Compiling …", "7 of 8 units",
      ])
    #expect(shown(Self.began + events + more + [.matrix(.ended)]) == ["Compiling …"])
  }

  @Test func saysHowLongTheRestTakes() {
    let events: [Progress.Event] =
      [.matrix(.planned(column: "arm", units: [0, 0, 100]))]
      + (0..<20).map { _ in .matrix(.done(column: "arm", row: 2, isBad: false)) }
    let times = [0, 0, 0] + (1...20).map { Double($0) }
    #expect(shown(Self.began + events, after: times).last == "20 of 106 units, about 2 min left")
    #expect(shown(Self.began + events, after: times.map { $0 / 2 }).last == "20 of 106 units, about 43 s left")
  }

  @Test func whatIsFinishedMakesRoom() {
    let events: [Progress.Event] = [
      .matrix(.planned(column: "arm", units: [0, 1, 1])), .matrix(.completed(column: "x86_64")),
    ]
    #expect(shown(Self.began + events, height: 3) == ["· ▁  2/3 two", "✓ ▁  3/3 three", "6 of 8 units"])
    #expect(shown(Self.began + events, height: 2) == ["· ▁  2/3 two", "6 of 8 units"])
    #expect(shown(Self.began + events, height: 0).count == 2)
  }

  @Test func aSubjectCannotMoveTheCursor() {
    let event = Progress.Event.matrix(.began(rows: ["1/1 a\u{1b}[2J\r\nb"], columns: ["arm"]))
    #expect(shown([event]) == ["arm", "   1/1 a[2Jb", "0 of 0 units"])
  }
}
