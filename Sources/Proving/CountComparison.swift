import Descriptions

/// What a test counted at the base of a series and at its tip.
struct CountComparison {
  var counter: CounterDescription
  /// The suite of the test.
  var suite: String
  var before: CountLine
  var after: CountLine

  /// What became worse.
  ///
  /// - Parameter isBounded: whether the series changes the counter's counts, so that each has to keep its bound.
  func problems(isBounded: Bool) -> [String] {
    let what = "\(suite): " + ([counter.activity] + counter.words(for: after.measured)).joined(separator: " ")
    var problems: [String] = []
    if after.total > before.total {
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
      let bound = counter.bound.flatMap { bound in count.bound.map { "; " + bound.words.text($0) } } ?? ""
      return "\(name): \(parts.joined(separator: ", "))\(bound)"
    }
  }

  /// The comparison as an entry of the report.
  var reported: ProveReport.Count {
    ProveReport.Count(
      suite: suite, measured: before.measured, before: before.total, after: after.total,
      besides: zip(before.besides, after.besides).map { .init(before: $0, after: $1) })
  }
}
