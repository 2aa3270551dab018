import Diagnostics

/// The problems with stubs that the states of a series have made so far and not mended.
struct StubHistory {
  private struct Problem {
    var finding: Finding
    var path: String
    /// The header before the state that made the problem.
    var before: [UInt8]?
  }

  private var problems: [Problem] = []

  /// What is wrong at the state reached last.
  var standing: [Finding] { problems.map(\.finding) }

  /// Goes on to the next state.
  ///
  /// - Returns: what is wrong there and was not before.
  mutating func advance(
    _ headers: [String], before: (String) -> [UInt8]?, after: (String) -> [UInt8]?
  ) -> [Finding] {
    problems.removeAll { problem in
      guard headers.contains(problem.path) else { return false }
      let now = StubRules.findings(path: problem.path, before: problem.before, after: after(problem.path))
      return !now.contains { $0.message == problem.finding.message }
    }
    var new: [Finding] = []
    for path in headers {
      let old = before(path)
      let found = StubRules.findings(path: path, before: old, after: after(path))
      new += found
      problems += found.map { Problem(finding: $0, path: path, before: old) }
    }
    return new
  }
}
