import Foundation

/// A measured figure and its bound.
struct Figure {
  var name: String
  var value: Double
  /// The limit: anything worse is a regression.
  var bound: Double
  /// The value to reach, if the bound only records what was reached so far.
  var goal: Double?
  /// Whether the bound is a lower limit.
  var isLeast = false
  var unit = "s"

  var holds: Bool { isReached(bound) }

  var row: String {
    let sign = isLeast ? "≥" : "≤"
    let name = self.name.padding(toLength: 72, withPad: " ", startingAt: 0)
    let verdict = holds ? goal.map { isReached($0) ? "ok" : "ok, but not yet \(sign) \($0)" } ?? "ok" : "MISSED"
    return "\(name) \(String(format: "%8.1f", value)) \(unit)  (\(sign) \(bound) \(unit))  \(verdict)"
  }

  private func isReached(_ limit: Double) -> Bool { isLeast ? value >= limit : value <= limit }
}
