/// One problem as reported to the user: where it is, and what to do about it.
///
/// Findings are values. The check that finds a problem builds one; only `Printer` prints them.
public struct Finding: Hashable, Sendable, Codable {
  /// The severity, printed before the message.
  public enum Severity: String, Sendable, Codable {
    case error, warning, note
  }

  /// How bad the problem is.
  public var severity: Severity
  /// Where the problem is; nil if no file is to blame.
  public var place: Place?
  /// One line, lower case, no full stop, like a compiler's message.
  public var message: String
  /// Further lines, printed indented under the message: expected and found, the cause, the next step.
  public var notes: [String]

  /// Assembles a finding from its parts; an error unless stated otherwise.
  public init(_ severity: Severity = .error, at place: Place? = nil, _ message: String, notes: [String] = []) {
    self.severity = severity
    self.place = place
    self.message = message
    self.notes = notes
  }
}
