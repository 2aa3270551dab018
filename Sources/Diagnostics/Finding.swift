/// What a user is told: one problem, where it is, and what to do about it.
///
/// Findings are values. The check that finds a problem builds one; `Printer` is the only thing that prints them.
public struct Finding: Hashable, Sendable, Codable {
  public enum Severity: String, Sendable, Codable {
    case error, warning, note
  }

  public var severity: Severity
  public var place: Place?
  /// One line, lower case, no full stop, as compilers write.
  public var message: String
  /// Further lines, printed indented under the message: expected and found, the cause, the next step.
  public var notes: [String]

  public init(_ severity: Severity = .error, at place: Place? = nil, _ message: String, notes: [String] = []) {
    self.severity = severity
    self.place = place
    self.message = message
    self.notes = notes
  }
}
