public import Diagnostics
public import FoundationEssentials
import Verification

extension ProveReport {
  /// The report as `seriesmith.prove/1`: keys sorted, a final newline.
  public func json() throws(Failure) -> Data { try ReportJSON.data(self) }

  /// The exit status this report means.
  public var exitStatus: ExitStatus {
    switch verdict {
    case .holds: .holds
    case .fails: .falls
    case .incomplete: .unavailable
    }
  }
}
