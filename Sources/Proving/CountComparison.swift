import Descriptions

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
