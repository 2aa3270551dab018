import Descriptions

/// A line in which a test reports what it counted.
struct CountLine: Hashable, Sendable {
  /// A number for each of the counter's dimensions: what the count is for.
  var measured: [Int]
  /// The number by whose growth the count may grow; 0 if the counter has none.
  var slack: Int
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
    let slack = counter.slack.map { numbers.removeValue(forKey: $0.name) } ?? 0
    guard let slack, measured.count == counter.dimensions.count, besides.count == counter.besides.count else {
      return nil
    }
    self.slack = slack
    parts = numbers
  }
}

extension KtapTest {
  /// The counts that the test reports.
  func counts(of counter: CounterDescription) -> [CountLine] { lines.compactMap { CountLine($0, of: counter) } }
}

/// What a test counted at the base of a series and at its tip.
struct CountComparison {
  var counter: CounterDescription
  /// The suite of the test.
  var suite: String
  var before: CountLine
  var after: CountLine

  /// What became worse; nil if nothing did.
  var problem: String? {
    let what = "\(suite): " + ([counter.activity] + counter.words(for: after.measured)).joined(separator: " ")
    if after.total > before.total + max(0, after.slack - before.slack) {
      return "\(what) takes \(after.total) \(counter.unit), \(before.total) at the base"
    }
    if let doubled = counter.doubled, after.parts.count > max(1, before.parts.count) {
      return "\(what) \(doubled.text(after.parts.count))"
    }
    return nil
  }

  /// The counts of each part, before and after.
  var notes: [String] {
    [("before", before), ("after", after)].map { name, count in
      let parts = count.parts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      let slack = counter.slack.map { "; " + $0.words.text(count.slack) } ?? ""
      return "\(name): \(parts.joined(separator: ", "))\(slack)"
    }
  }

  /// The comparison as an entry of the report.
  var reported: ProveReport.Count {
    ProveReport.Count(
      suite: suite, measured: before.measured, before: before.total, after: after.total,
      besides: zip(before.besides, after.besides).map { .init(before: $0, after: $1) })
  }
}
