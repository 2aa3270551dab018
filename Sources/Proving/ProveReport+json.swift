public import Diagnostics
public import FoundationEssentials

extension ProveReport {
  /// The report as `seriesmith.prove/1`: keys sorted, a final newline.
  public func json() throws(Failure) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      var data = try encoder.encode(self)
      data.append(UInt8(ascii: "\n"))
      return data
    } catch {
      throw Failure(.unavailable, "cannot write the report as JSON", notes: ["\(error)"])
    }
  }

  /// The exit status this report means.
  public var exitStatus: ExitStatus {
    switch verdict {
    case .holds: .holds
    case .fails: .falls
    case .incomplete: .unavailable
    }
  }
}
