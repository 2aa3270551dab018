public import Diagnostics
public import FoundationEssentials

extension VerifyReport {
  /// The report as `seriesmith.verify/1`: keys sorted, nulls explicit, a final newline.
  public func json() throws(Failure) -> Data { try ReportJSON.data(self) }

  /// The exit status that this report calls for.
  public var exitStatus: ExitStatus {
    switch verdict {
    case .stands: .holds
    case .falls: .falls
    // Either no lane asked for compiles a changed file, or the machine failed.
    case .incomplete: coverage.neverCompiled.isEmpty ? .unavailable : .falls
    }
  }
}
