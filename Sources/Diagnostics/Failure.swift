/// The exit status of the command, as `seriesmith --help` documents it.
public enum ExitStatus: Int32, Sendable {
  /// It holds.
  case holds = 0
  /// It does not hold: a commit falls, a description drifted, a table is not covered.
  case falls = 1
  /// The command line is wrong (`EX_USAGE`).
  case usage = 64
  /// Input that cannot be read: a description, a patch, an mbox, a repository (`EX_DATAERR`).
  case input = 65
  /// Something needed is not installed, or the machine failed: disk full, compiler killed (`EX_UNAVAILABLE`).
  case unavailable = 69
  /// The user pressed Ctrl-C (128 + SIGINT).
  case interrupted = 130
}

/// The one error that crosses a module's boundary: what to tell the user, and the status to exit with.
public struct Failure: Error, Hashable, Sendable {
  public var status: ExitStatus
  public var findings: [Finding]

  public init(_ status: ExitStatus, _ findings: [Finding]) {
    self.status = status
    self.findings = findings
  }

  public init(_ status: ExitStatus, at place: Place? = nil, _ message: String, notes: [String] = []) {
    self.init(status, [Finding(at: place, message, notes: notes)])
  }

  /// The failure with more to say of each finding.
  public func adding(notes: [String]) -> Failure {
    var result = self
    for index in findings.indices { result.findings[index].notes += notes }
    return result
  }
}
