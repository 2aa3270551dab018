public import Diagnostics
public import FoundationEssentials

extension VerifyReport {
  /// The report as `seriesmith.verify/1`: keys sorted, nulls explicit, a final newline.
  public func json() throws(Failure) -> Data { try ReportJSON.data(self) }

  /// The exit status this report means.
  public var exitStatus: ExitStatus {
    switch verdict {
    case .stands: .holds
    case .falls: .falls
    // A lane that would compile the rest was not asked for, or the machine failed.
    case .incomplete: coverage.neverCompiled.isEmpty ? .unavailable : .falls
    }
  }
}
