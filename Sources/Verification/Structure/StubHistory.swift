import Diagnostics

/// The stub problems that the states of a series have introduced so far and not fixed.
struct StubHistory {
  private struct Problem {
    var finding: Finding
    var path: String
    /// The header before the state that introduced the problem.
    var before: [UInt8]?
  }

  private var problems: [Problem] = []

  /// The problems of the current state.
  var standing: [Finding] { problems.map(\.finding) }

  /// Moves on to the next state.
  ///
  /// - Returns: the problems that are new there.
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
