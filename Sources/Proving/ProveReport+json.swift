public import Descriptions
public import Diagnostics
public import FoundationEssentials
import Verification

/// `seriesmith.prove/1`: each counter has a key of its own, and the keys of its counts are the names of the counter's
/// dimensions. So reading a report needs the counters' descriptions.
extension ProveReport: Encodable, DecodableWithConfiguration {
  /// The report as JSON: keys sorted, a final newline.
  public func json() throws(Failure) -> Data { try ReportJSON.data(self) }

  private struct Key: CodingKey, ExpressibleByStringLiteral {
    var stringValue: String
    var intValue: Int? { nil }

    init(stringLiteral name: String) { stringValue = name }
    init(stringValue name: String) { stringValue = name }
    init?(intValue: Int) { nil }
  }

  /// Writes each counter under its own name, with its dimensions as keys.
  public func encode(to encoder: any Encoder) throws {
    var report = encoder.container(keyedBy: Key.self)
    try report.encode(schema, forKey: "schema")
    try report.encode(verdict, forKey: "verdict")
    try report.encode(trees, forKey: "trees")
    try report.encode(suites, forKey: "suites")
    try report.encode(findings, forKey: "findings")
    for counter in counters {
      var list = report.nestedUnkeyedContainer(forKey: Key(stringValue: counter.description.name))
      for count in counter.counts {
        var entry = list.nestedContainer(keyedBy: Key.self)
        try entry.encode(count.suite, forKey: Key(stringValue: counter.description.suite))
        for (dimension, number) in zip(counter.description.dimensions, count.measured) {
          try entry.encode(number, forKey: Key(stringValue: dimension.name))
        }
        try entry.encode(count.before, forKey: "before")
        try entry.encode(count.after, forKey: "after")
      }
    }
  }

  /// Reads a report.
  ///
  /// - Parameter counters: the counters that the report may have. One that is not in it gets no counts.
  public init(from decoder: any Decoder, configuration counters: [CounterDescription]) throws {
    let report = try decoder.container(keyedBy: Key.self)
    schema = try report.decode(String.self, forKey: "schema")
    verdict = try report.decode(Verdict.self, forKey: "verdict")
    trees = try report.decode([String].self, forKey: "trees")
    suites = try report.decode([Suite].self, forKey: "suites")
    findings = try report.decode([ReportedFinding].self, forKey: "findings")
    self.counters = []
    for description in counters {
      var counter = Counter(description: description, counts: [])
      let key = Key(stringValue: description.name)
      if report.contains(key) {
        var list = try report.nestedUnkeyedContainer(forKey: key)
        while !list.isAtEnd {
          let entry = try list.nestedContainer(keyedBy: Key.self)
          counter.counts.append(
            Count(
              suite: try entry.decode(String.self, forKey: Key(stringValue: description.suite)),
              measured: try description.dimensions.map {
                try entry.decode(Int.self, forKey: Key(stringValue: $0.name))
              },
              before: try entry.decode(Int.self, forKey: "before"),
              after: try entry.decode(Int.self, forKey: "after")))
        }
      }
      self.counters.append(counter)
    }
  }
}
