/// One problem as reported to the user: where it is, and what to do about it.
///
/// Findings are values. The check that finds a problem builds one; only `Printer` prints them.
public struct Finding: Hashable, Sendable, Codable {
  /// The severity, printed before the message.
  ///
  /// A check is a remark of checkpatch that it calls a CHECK: a matter of taste, for which it asks `--strict`.
  public enum Severity: String, Sendable, Codable {
    case error, warning, check, note
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

/// A position in a file, as compilers print it: `file:line:column`.
public struct Place: Hashable, Sendable, Codable {
  /// The path to print: of a file in the tree, or of an input as the user named it.
  public var file: String
  /// One-based; nil for the whole file.
  public var line: Int?
  /// One-based, in bytes from the start of the line; not printed without a line.
  public var column: Int?

  /// A place in a file, or the whole file.
  public init(_ file: String, line: Int? = nil, column: Int? = nil) {
    self.file = file
    self.line = line
    self.column = column
  }
}

extension Place: CustomStringConvertible {
  /// The place as `file`, `file:line` or `file:line:column`.
  public var description: String {
    [file, line.map(String.init), line == nil ? nil : column.map(String.init)]
      .compactMap { $0 }.joined(separator: ":")
  }
}

extension Int {
  /// The number with its noun: "1 file", "9 patches".
  ///
  /// - Parameter many: the noun's plural, if it does not just end in "s".
  public func counted(_ one: String, _ many: String? = nil) -> String {
    "\(self) \(self == 1 ? one : many ?? one + "s")"
  }
}
