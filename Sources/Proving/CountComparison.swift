import Descriptions

/// What a test counted at the base of a series and at its tip.
struct CountComparison {
  var counter: CounterDescription
  /// The suite of the test.
  var suite: String
  var before: CountLine
  var after: CountLine

  /// How much the counts may differ because two boots do.
  private var slack: Int { abs((after.slack ?? 0) - (before.slack ?? 0)) }

  /// Whether the series changes the count.
  var isChanged: Bool { abs(after.total - before.total) > slack }

  /// What became worse.
  ///
  /// - Parameter isBounded: whether the series changes the counter's counts, so that each has to keep its bound.
  func problems(isBounded: Bool) -> [String] {
    let what = "\(suite): " + ([counter.activity] + counter.words(for: after.measured)).joined(separator: " ")
    var problems: [String] = []
    if after.total > before.total + slack {
      problems.append("\(what) takes \(after.total) \(counter.unit), \(before.total) at the base")
    } else if isBounded, let number = after.bound, after.total > number, let bound = counter.bound {
      problems.append("\(what) takes \(after.total) \(counter.unit), although \(bound.words.text(number))")
    }
    if let doubled = counter.doubled, after.parts.count > max(1, before.parts.count) {
      problems.append("\(what) \(doubled.text(after.parts.count))")
    }
    for (beside, (before, after)) in zip(counter.besides, zip(before.besides, after.besides)) {
      guard let growth = beside.growth, after * 100 > before * (100 + growth) else { continue }
      problems.append(
        "\(what) takes \(after) \(beside.unit), more than \(growth) % above the \(before) at the base")
    }
    return problems
  }

  /// The counts of each part, before and after.
  var notes: [String] {
    [("before", before), ("after", after)].map { name, count in
      let parts = count.parts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      let numbers = [(counter.bound, count.bound), (counter.slack, count.slack)].compactMap { bound, number in
        bound.flatMap { bound in number.map { "; " + bound.words.text($0) } }
      }
      return "\(name): \(parts.joined(separator: ", "))\(numbers.joined())"
    }
  }

  /// The comparison as an entry of the report.
  var reported: ProveReport.Count {
    ProveReport.Count(
      suite: suite, measured: before.measured, before: before.total, after: after.total,
      besides: zip(before.besides, after.besides).map { .init(before: $0, after: $1) })
  }
}
