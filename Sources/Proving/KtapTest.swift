/// A test of a KTAP report: a leaf of its tree.
public struct KtapTest: Hashable, Sendable, Codable {
  public enum Verdict: String, Sendable, Codable {
    case passed, failed, skipped
  }

  /// The outermost suite it is in.
  public var suite: String
  /// Its name in the suite, with those of the suites between: "test_map_simple/param 2". Empty for the suite as a whole.
  public var name: String
  public var verdict: Verdict
  /// What the report says above its result: why it fails, what it measured.
  public var lines: [String]

  public init(suite: String, name: String, verdict: Verdict, lines: [String] = []) {
    self.suite = suite
    self.name = name
    self.verdict = verdict
    self.lines = lines
  }
}

extension KtapTest {
  /// What tells it from any other test of a report.
  struct ID: Hashable {
    var suite: String
    var name: String
  }

  var id: ID { ID(suite: suite, name: name) }
}
