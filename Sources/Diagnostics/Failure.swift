/// The exit status of the command, as `seriesmith --help` documents it.
public enum ExitStatus: Int32, Sendable {
  /// The claim holds: every commit stands, every table is covered.
  case holds = 0
  /// The claim does not hold: a commit falls, a description drifted, a table is not covered.
  case falls = 1
  /// The command line is wrong (`EX_USAGE`).
  case usage = 64
  /// An input cannot be read: a description, a patch, an mbox, a repository (`EX_DATAERR`).
  case input = 65
  /// A program is not installed, or the machine failed: disk full, compiler killed (`EX_UNAVAILABLE`).
  case unavailable = 69
  /// A signal stopped the run, such as the user's Ctrl-C (128 + SIGINT).
  case interrupted = 130
}

/// The only error that crosses module boundaries: the findings to print and the exit status.
public struct Failure: Error, Hashable, Sendable {
  /// The status to exit with.
  public var status: ExitStatus
  /// The findings to print, in this order.
  public var findings: [Finding]

  /// A failure with any number of findings.
  public init(_ status: ExitStatus, _ findings: [Finding]) {
    self.status = status
    self.findings = findings
  }

  /// A failure with one finding, an error.
  public init(_ status: ExitStatus, at place: Place? = nil, _ message: String, notes: [String] = []) {
    self.init(status, [Finding(at: place, message, notes: notes)])
  }

  /// The failure with notes added to each finding.
  public func adding(notes: [String]) -> Failure {
    var result = self
    for index in findings.indices { result.findings[index].notes += notes }
    return result
  }
}
