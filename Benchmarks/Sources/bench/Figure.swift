import Foundation

/// A figure and the bound it has to keep.
struct Figure {
  var name: String
  var value: Double
  /// What is worse than this is a regression.
  var bound: Double
  /// What it is to become, where the bound is only what it was when it was set.
  var goal: Double?
  /// Whether the bound is the least the figure may be, and not the most.
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
