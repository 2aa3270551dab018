import Descriptions

/// A line in which a test reports what it counted.
struct CountLine: Hashable, Sendable {
  /// A number for each of the counter's dimensions: what the count is for.
  var measured: [Int]
  /// The number that the count may not exceed; nil if the counter has none.
  var bound: Int?
  /// The number by whose changes the count may change; nil if the counter has none.
  var slack: Int?
  /// A number for each of the counter's additional values.
  var besides: [Int]
  /// The count of each part that counted, by its name.
  var parts: [String: Int]

  var total: Int { parts.values.reduce(0, +) }

  /// - Returns: nil if the line is not a count of this counter.
  init?(_ line: some StringProtocol, of counter: CounterDescription) {
    guard line.hasPrefix(counter.line) else { return nil }
    var numbers: [String: Int] = [:]
    for word in line.dropFirst(counter.line.count).split(separator: " ") {
      let parts = word.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let number = Int(parts[1]) else { return nil }
      numbers[String(parts[0])] = number
    }
    measured = counter.dimensions.compactMap { numbers.removeValue(forKey: $0.name) }
    besides = counter.besides.compactMap { numbers.removeValue(forKey: $0.name) }
    bound = counter.bound.flatMap { numbers.removeValue(forKey: $0.name) }
    slack = counter.slack.flatMap { numbers.removeValue(forKey: $0.name) }
    guard (bound != nil) == (counter.bound != nil), (slack != nil) == (counter.slack != nil),
      measured.count == counter.dimensions.count,
      besides.count == counter.besides.count
    else { return nil }
    parts = numbers
  }
}

extension KtapTest {
  /// The counts that the test reports.
  func counts(of counter: CounterDescription) -> [CountLine] { lines.compactMap { CountLine($0, of: counter) } }
}
