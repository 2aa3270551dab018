public import Diagnostics

/// A finding, or an unchecked file, that the author of a series has reviewed and accepts, with the reason.
///
/// Only matters of judgement can be accepted, never a failure to apply, compile or link.
public struct Acceptance: Hashable, Sendable, Codable {
  /// The checks whose findings can be accepted.
  public static let checks: [CheckName] = [.structure, .style, .kernelDoc, .sparse]

  /// The check that reports the finding, one of `checks`; nil to accept that no check looks at the file.
  public var check: CheckName?
  /// The file the finding is in.
  public var file: String
  /// The finding's whole message; empty for an unchecked file.
  public var message: String
  /// Why the author accepts the finding; reports print it.
  public var reason: String
  /// The entry that accepts the finding.
  public var place: Place

  /// - Parameter place: the entry that accepts the finding, for warnings about it.
  public init(check: CheckName?, file: String, message: String, reason: String, place: Place) {
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
  /// Turns accepted findings into notes. A check that failed because of them alone passes.
  func accepting(_ acceptances: [Acceptance]) -> CheckReport {
    var check = self
    // The worst findings decide whether a check fails: kernel-doc and sparse fail on warnings.
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
  /// Warns, in the last commit's check, about each acceptance that matches no finding, if its check ran.
  mutating func noteUnused(_ acceptances: [Acceptance]) {
    for acceptance in acceptances {
      let isUsed = flatMap(\.checks).contains { check in
        check.findings.contains { finding in
          finding.accepted != nil
            && (acceptance.check == nil
              ? finding.file == acceptance.file && finding.accepted == acceptance.reason
              : acceptance.covers(finding, of: check.name))
        }
      }
      guard !isUsed, let last = indices.last,
        let check = acceptance.check.map({ name in self[last].checks.firstIndex { $0.name == name } })
          ?? self[last].checks.indices.first
      else { continue }
      let finding =
        acceptance.check == nil
        ? Finding(
          .warning, at: acceptance.place, "is not an unchecked file of the series: \(acceptance.file)",
          notes: ["drop the entry if a check looks at the file now"])
        : Finding(
          .warning, at: acceptance.place, "matches no finding: \(acceptance.file): \(acceptance.message)",
          notes: ["file and message must equal the finding's; drop the entry if the finding is fixed"])
      self[last].checks[check].findings.append(.init(finding))
    }
  }
}
