public import Diagnostics

/// Runs `command` and returns its outcome if it succeeded.
///
/// - Parameter purpose: the command's task, for the message: "unpack the tarball".
/// - Throws: `Failure(.unavailable)` with the command line and its last `lines` lines of output unless it exited with
///   status 0; everything that `run` throws.
@discardableResult
public func requireSuccess(
  _ command: Command, to purpose: String? = nil, timeLimit: Duration? = nil, lines: Int = 12
) async throws(Failure) -> Outcome {
  let outcome = try await run(command, timeLimit: timeLimit)
  guard outcome.succeeded else { throw failure(of: command, outcome, to: purpose, lines: lines) }
  return outcome
}

/// The failure that tells how `command` ended, with the last `lines` lines of its standard error, or of its standard
/// output if it wrote no errors.
public func failure(
  of command: Command, _ outcome: Outcome, to purpose: String? = nil, lines: Int = 12
) -> Failure {
  let text = outcome.error.isEmpty ? outcome.text : outcome.errorText
  let last = text.split(separator: "\n").suffix(lines).map(String.init)
  let message = "\(command.executable) \(outcome.termination)"
  return Failure(
    .unavailable, purpose.map { "cannot \($0): \(message)" } ?? message, notes: ["\(command)"] + last)
}
