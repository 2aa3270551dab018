public import Diagnostics
public import FoundationEssentials

/// How every report is written as JSON: keys sorted, slashes as they are, a final newline.
public enum ReportJSON {
  public static func data(_ report: some Encodable) throws(Failure) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return try encoder.encode(report) + Data("\n".utf8)
    } catch {
      throw Failure(.unavailable, "cannot write the report as JSON", notes: ["\(error)"])
    }
  }
}
