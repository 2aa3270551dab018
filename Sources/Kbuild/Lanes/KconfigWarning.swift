/// A warning of Kconfig about the symbols of a tree: "unmet direct dependencies detected for X".
public struct KconfigWarning: Hashable, Sendable, Codable {
  /// The Kconfig file it names; nil for a warning about a configuration.
  public var file: String?
  /// The line in that file.
  public var line: Int?
  /// Its first line, without the word "warning".
  public var message: String
  /// The lines that explain it, without the indentation.
  public var notes: [String] = []

  /// The warnings in what a configuration target of make printed.
  static func parse(_ output: String) -> [KconfigWarning] {
    var found: [KconfigWarning] = []
    for line in output.split(separator: "\n") {
      if let match = line.wholeMatch(of: #/(?:WARNING|warning): (.+)/#) {
        found.append(KconfigWarning(message: String(match.1)))
      } else if let match = line.wholeMatch(of: #/([^\s:]+):(\d+):\s*(?:warning|error): (.+)/#) {
        found.append(KconfigWarning(file: String(match.1), line: Int(match.2), message: String(match.3)))
      } else if line.hasPrefix("  "), !found.isEmpty {
        found[found.count - 1].notes.append(String(line.trimmingPrefix { $0 == " " }))
      }
    }
    return found
  }
}
