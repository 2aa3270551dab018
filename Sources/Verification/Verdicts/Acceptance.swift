public import Diagnostics

/// A finding that the author of a series has looked at and lets stand, and why.
///
/// Only what is a matter of judgement can be accepted. That a commit applies, compiles and links is not.
public struct Acceptance: Hashable, Sendable, Codable {
  /// The checks whose findings can be accepted.
  public static let checks: [CheckName] = [.structure, .style, .kernelDoc, .sparse]

  public var check: CheckName
  /// The file the finding is in.
  public var file: String
  /// The finding's message, whole.
  public var message: String
  public var reason: String
  /// Where it is accepted.
  public var place: Place

  public init(check: CheckName, file: String, message: String, reason: String, place: Place) {
    self.check = check
    self.file = file
    self.message = message
    self.reason = reason
    self.place = place
  }

  func covers(_ finding: ReportedFinding, of check: CheckName) -> Bool {
    check == self.check && finding.file == file && finding.message == message
  }
}

extension CheckReport {
  /// The check with the findings that are accepted made notes. One that failed of them alone passes.
  func accepting(_ acceptances: [Acceptance]) -> CheckReport {
    var check = self
    // What fails a check is what is worst in it: kernel-doc and sparse fail of warnings.
    let worst: Finding.Severity = findings.contains { $0.severity == .error } ? .error : .warning
    for index in findings.indices {
      guard let acceptance = acceptances.first(where: { $0.covers(findings[index], of: name) }) else { continue }
      check.findings[index].severity = .note
      check.findings[index].accepted = acceptance.reason
    }
    if verdict == .fail, !check.findings.contains(where: { $0.severity == worst }) { check.verdict = .pass }
    return check
  }
}

extension [CommitReport] {
  /// Says of an acceptance that accepts nothing so, in the last commit's check. One whose check was not made is left.
  mutating func noteUnused(_ acceptances: [Acceptance]) {
    for acceptance in acceptances {
      let isUsed = flatMap(\.checks).contains { check in
        check.findings.contains { $0.accepted != nil && acceptance.covers($0, of: check.name) }
      }
      guard !isUsed, let last = indices.last,
        let check = self[last].checks.firstIndex(where: { $0.name == acceptance.check })
      else { continue }
      let finding = Finding(
        .warning, at: acceptance.place, "accepts what is not found: \(acceptance.file): \(acceptance.message)",
        notes: ["the finding's file and message have to be these, whole; drop the entry if it is mended"])
      self[last].checks[check].findings.append(.init(finding))
    }
  }
}
