import Foundation

/// A figure and the bound it has to keep.
struct Figure {
  var name: String
  var value: Double
  var bound: Double
  /// Whether the bound is the least the figure may be, and not the most.
  var isLeast = false
  var unit = "s"

  var holds: Bool { isLeast ? value >= bound : value <= bound }

  var row: String {
    let sign = isLeast ? "≥" : "≤"
    let name = self.name.padding(toLength: 72, withPad: " ", startingAt: 0)
    return "\(name) \(String(format: "%8.1f", value)) \(unit)  (\(sign) \(bound) \(unit))  \(holds ? "ok" : "MISSED")"
  }
}
