import Diagnostics
import Processes

/// Searches the files of a checkout with `git grep`, which is faster than reading them here.
enum TreeGrep {
  /// The lines that `git grep` prints; empty when nothing matches.
  ///
  /// - Parameters:
  ///   - options: such as "-lE"; the user's own configuration has no say.
  ///   - patterns: a file matches that has any of them. Without one, nothing is searched.
  ///   - paths: git's path specifications: "Documentation/*.rst".
  static func lines(
    _ options: String, for patterns: some Collection<String>, in paths: [String], of directory: String
  ) async throws(Failure) -> [Substring] {
    if patterns.isEmpty { return [] }
    let command = Command(
      "git", ["grep", "--no-index", options, "-f", "-", "--"] + paths,
      environment: ["LC_ALL": "C", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"],
      directory: directory, input: Array(patterns.joined(separator: "\n").utf8))
    let outcome = try await run(command)
    guard case .exited(0...1) = outcome.termination else {
      throw failure(of: command, outcome, to: "search \(directory)")
    }
    return outcome.text.split(separator: "\n")
  }
}
