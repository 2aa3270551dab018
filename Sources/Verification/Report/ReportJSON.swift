public import Diagnostics
public import FoundationEssentials

/// Writes every report as JSON: sorted keys, unescaped slashes, a final newline.
public enum ReportJSON {
  /// Encodes a report.
  ///
  /// - Throws: `Failure(.unavailable)` when a value cannot be encoded.
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
