import Diagnostics
import Generation

/// What one run of `spatch --debug` left behind.
struct SpatchOutcome: Codable, Sendable {
  var status: Int32
  /// The file as it left it.
  var bytes: [UInt8]
  var log: String

  /// - Throws: `Failure(.input)` if `spatch` refused the rules.
  func answer(to patch: SemanticPatch) throws(Failure) -> SemanticPatch.Answer {
    guard status == 0 else {
      throw Failure(
        .input, at: patch.place, "spatch exits with status \(status) for \(patch.path)", notes: complaint)
    }
    return SemanticPatch.Answer(
      bytes: bytes, rules: rules.map(\.name), matched: Set(rules.filter(\.matched).map(\.name)),
      unread: log.split(separator: "\n").first { $0.hasPrefix("BAD:!!!!! ") }.map { String($0.dropFirst(10)) })
  }

  /// The rules that `spatch` tried, in order, and whether they matched.
  ///
  /// The log has, for each rule, a line of dashes, then "NAME = ", then "transformation info" for each match. A rule
  /// without a name is called "rule starting on line N". "proto for NAME" is what `spatch` adds by itself, and a script
  /// matches nothing.
  private var rules: [(name: String, matched: Bool)] {
    var rules: [(name: String, matched: Bool)] = []
    var isAfterDashes = false
    for line in log.split(separator: "\n", omittingEmptySubsequences: false) {
      if isAfterDashes, line == "Finished" { break }
      if isAfterDashes, line.hasSuffix(" = ") {
        rules.append((String(line.dropLast(3)), false))
      } else if line.contains("transformation info"), !rules.isEmpty {
        rules[rules.count - 1].matched = true
      }
      isAfterDashes = !line.isEmpty && line.allSatisfy { $0 == "-" }
    }
    return rules.filter { !$0.name.hasPrefix("proto for ") && !$0.name.hasPrefix("script ") }
  }

  /// What the log says after the rules that it repeats: the last lines, but for those of dashes.
  private var complaint: [String] {
    Array(log.split(separator: "\n").filter { !$0.allSatisfy { $0 == "-" } }.suffix(6).map(String.init))
  }
}
