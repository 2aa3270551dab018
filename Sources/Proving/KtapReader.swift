/// Reads tests from a console on which a kernel and its first process print KTAP (Documentation/dev-tools/ktap.rst).
///
/// Other kernel messages may come between. A test without a result is left out; comparing two reports shows that it is
/// gone.
struct KtapReader {
  private(set) var tests: [KtapTest] = []
  private var open: [Suite] = []

  /// A suite whose result has not been read yet.
  private struct Suite {
    /// The indentation of its lines, in columns.
    var indent: Int
    var name: String?
    /// Whether it has any test result.
    var hasTests = false
    var hasFailures = false
    /// The lines since the last result.
    var lines: [String] = []
  }

  /// The tests on a console, in their order.
  static func tests(_ lines: [Substring]) -> [KtapTest] {
    var reader = KtapReader()
    for line in lines { reader.read(line) }
    return reader.tests
  }

  private mutating func read(_ line: Substring) {
    let indent = line.prefix { $0 == " " }.count
    let text = line.dropFirst(indent)
    if text.hasPrefix("KTAP version") || text.hasPrefix("TAP version") {
      close(deeperThan: indent - 1)
      open.append(Suite(indent: indent))
    } else if text.hasPrefix("# Subtest: ") {
      // KUnit's parameterised tests may lack a version line of their own.
      if open.last?.indent != indent || open.last?.name != nil { open.append(Suite(indent: indent)) }
      open[open.count - 1].name = String(text.dropFirst(11))
    } else if let result = Result(text), open.contains(where: { $0.indent == indent }) {
      finish(result, indent: indent)
    } else if let last = open.indices.last, !text.isEmpty, !text.hasPrefix("1..") {
      open[last].lines.append(String(text))
    }
  }

  private mutating func close(deeperThan indent: Int) {
    while let last = open.last, last.indent > indent { open.removeLast() }
  }

  private mutating func finish(_ result: Result, indent: Int) {
    let inner = open.last.flatMap { $0.indent > indent ? $0 : nil }
    close(deeperThan: indent)
    let last = open.count - 1
    let lines = open[last].lines + (inner?.lines ?? [])
    open[last].lines = []
    open[last].hasTests = true
    if result.verdict == .failed { open[last].hasFailures = true }
    // A suite's tests stand for it. It counts as a test itself if it has none, or fails although none of them does.
    if let inner, inner.hasTests, result.verdict != .failed || inner.hasFailures { return }
    let path = open.dropFirst().compactMap(\.name) + [result.name]
    tests.append(
      KtapTest(
        suite: path[0], name: path.dropFirst().joined(separator: "/"), verdict: result.verdict, lines: lines))
  }

  /// A line such as "not ok 3 - test_map # SKIP not supported".
  private struct Result {
    var name: String
    var verdict: KtapTest.Verdict

    init?(_ text: Substring) {
      let failed = text.hasPrefix("not ok ")
      guard failed || text.hasPrefix("ok ") else { return nil }
      let rest = text.dropFirst(failed ? 7 : 3)
      let number = rest.prefix(while: \.isNumber)
      guard !number.isEmpty, rest.dropFirst(number.count).first ?? " " == " " else { return nil }
      var name = rest.dropFirst(number.count + 1)
      if name.hasPrefix("- ") { name = name.dropFirst(2) }
      let directive = name.ranges(of: " # ").first.map { name[$0.upperBound...] } ?? ""
      name = name.ranges(of: " # ").first.map { name[..<$0.lowerBound] } ?? name
      self.name = name.isEmpty ? String(number) : String(name)
      verdict = directive.hasPrefix("SKIP") ? .skipped : failed ? .failed : .passed
    }
  }
}

/// A test of a KTAP report: a leaf of the tree of suites.
public struct KtapTest: Hashable, Sendable, Codable {
  /// The result of a test.
  public enum Verdict: String, Sendable, Codable {
    case passed, failed, skipped
  }

  /// The outermost suite that the test is in.
  public var suite: String
  /// The test's path below that suite, such as "test_map_simple/param 2"; empty for the suite as a whole.
  public var name: String
  /// The result: a failed test prints "not ok", a skipped one has the directive SKIP.
  public var verdict: Verdict
  /// The lines before the result, without indentation: why the test fails, what it measured.
  public var lines: [String]

  /// Makes a test from its parts.
  public init(suite: String, name: String, verdict: Verdict, lines: [String] = []) {
    self.suite = suite
    self.name = name
    self.verdict = verdict
    self.lines = lines
  }
}

extension KtapTest {
  /// Identifies a test within a report.
  struct ID: Hashable {
    var suite: String
    var name: String
  }

  var id: ID { ID(suite: suite, name: name) }
}
