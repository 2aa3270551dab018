public import Diagnostics
import Dispatch
import FoundationEssentials
import Subprocess
import Synchronization
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How long a child may take to exit after SIGTERM before its process group gets SIGKILL.
private let grace = Duration.seconds(2)

/// How long the rest of the group may take after that. Where nothing reaps zombies, they use up the whole time.
private let graceOfMembers = Duration.milliseconds(500)

/// Runs `command` to its end and collects its output. A status other than 0 is not an error.
///
/// The child leads its own session. When the task is cancelled or `timeLimit` has passed, the whole process group gets
/// SIGTERM and then SIGKILL. No process of the group is left when this returns, on any path.
///
/// - Throws: `Failure(.unavailable)` when the executable or the directory does not exist or cannot be used;
///   `Failure(.interrupted)` when the task was cancelled.
public func run(_ command: Command, timeLimit: Duration? = nil) async throws(Failure) -> Outcome {
  try throwIfCancelled()
  var executable = try path(of: command)
  var contained = command
  if let sandbox = command.sandbox {
    contained = sandbox.containing(command, executable: executable)
    executable = try path(of: contained)
  }
  let (started, program) = (contained, executable)
  let start = ContinuousClock.now
  let (result, expired) = await withTaskGroup(of: Event.self) { group in
    group.addTask { .ended(await launch(started, executable: program)) }
    if let timeLimit {
      group.addTask {
        do { try await Task.sleep(for: timeLimit) } catch { return .notNeeded }
        return .expired
      }
    }
    var expired = false
    var result = Result<Outcome, Failure>.failure(Failure(.unavailable, "\(command.executable) did not run"))
    for await event in group {
      switch event {
      case .ended(let ended):
        result = ended
        group.cancelAll()
      case .expired:
        expired = true
        group.cancelAll()
      case .notNeeded: break
      }
    }
    return (result, expired)
  }
  try throwIfCancelled()
  var outcome: Outcome
  switch result {
  case .success(let ended):
    outcome = ended
    if let sandbox = command.sandbox { outcome.termination = sandbox.termination(ended.termination) }
  case .failure(let failure):
    guard expired else { throw failure }
    outcome = Outcome(termination: .timedOut)
  }
  // A child that succeeded just as its time ran out has succeeded.
  if expired && !outcome.succeeded { outcome.termination = .timedOut }
  outcome.seconds = (ContinuousClock.now - start).seconds
  return outcome
}

private func path(of command: Command) throws(Failure) -> String {
  if let path = which(command.executable, path: command.environment["PATH"]) { return path }
  throw Failure(
    .unavailable, "\(command.executable) is not installed or not on PATH",
    notes: DebianPackage.advice(for: command.executable))
}

/// Throws `Failure(.interrupted)` when the current task is cancelled.
public func throwIfCancelled() throws(Failure) {
  if Task.isCancelled { throw Failure(.interrupted, "interrupted") }
}

private enum Event: Sendable {
  case ended(Result<Outcome, Failure>)
  case expired
  case notNeeded
}

private func launch(_ command: Command, executable: String) async -> Result<Outcome, Failure> {
  var options = PlatformOptions()
  options.createSession = true
  options.teardownSequence = [.send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: grace)]
  let variables = command.environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
  let environment: Environment =
    command.clearEnvironment
    ? .custom(Dictionary(uniqueKeysWithValues: variables))
    : .inherit.updating(Dictionary(uniqueKeysWithValues: variables.map { ($0.0, Optional($0.1)) }))
  let configuration = Configuration(
    executable: .path(FilePath(executable)), arguments: Arguments(command.arguments), environment: environment,
    workingDirectory: command.directory.map { FilePath($0) }, platformOptions: options)

  let leader = Mutex<pid_t?>(nil)
  let result = await launch(command, configuration) { pid in
    leader.withLock { $0 = pid }
    Watchdog.began(pid)
  }
  if let pid = leader.withLock({ $0 }) { await endGroup(pid) }
  return result
}

/// Kills the rest of a child's process group after the child has ended.
///
/// The teardown sequence stops when the leader ends. Members may remain that ignored SIGTERM, that the leader left behind,
/// or that are still cleaning up: a make below another removes half-written files. The group's id is not reused while the
/// group has members.
private func endGroup(_ group: pid_t) async {
  let deadline = ContinuousClock.now + graceOfMembers
  while Task.isCancelled, kill(-group, 0) == 0, ContinuousClock.now < deadline {
    // Task.sleep returns at once in a cancelled task.
    await withCheckedContinuation { continuation in
      DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(10)) { continuation.resume() }
    }
  }
  _ = kill(-group, SIGKILL)
  Watchdog.ended(group)
}

/// Starts the child and waits for it.
///
/// - Parameter began: gets the child's process id as soon as it has one.
private func launch(
  _ command: Command, _ configuration: Configuration, began: @escaping @Sendable (pid_t) -> Void
) async -> Result<Outcome, Failure> {
  do {
    // Input comes from a file, not a pipe: a child that does not read it must not kill us with SIGPIPE.
    let descriptor = try command.input.map { try unlinkedFile(holding: $0) }
    if let descriptor {
      let result = try await Subprocess.run(
        configuration, input: .fileDescriptor(descriptor, closeAfterSpawningProcess: true),
        output: .bytes(limit: .max), error: .bytes(limit: .max)
      ) { execution in began(execution.processIdentifier.value) }
      return .success(Outcome(result.terminationStatus, result.standardOutput, result.standardError))
    }
    let result = try await Subprocess.run(
      configuration, input: .none, output: .bytes(limit: .max), error: .bytes(limit: .max)
    ) { execution in began(execution.processIdentifier.value) }
    return .success(Outcome(result.terminationStatus, result.standardOutput, result.standardError))
  } catch {
    return .failure(Failure(.unavailable, "cannot run \(command.executable)", notes: ["\(error)", "\(command)"]))
  }
}

extension Outcome {
  fileprivate init(_ status: TerminationStatus, _ output: [UInt8], _ error: [UInt8]) {
    switch status {
    case .exited(let code): self.init(termination: .exited(code), output: output, error: error)
    case .signaled(let signal): self.init(termination: .signalled(signal), output: output, error: error)
    }
  }
}

/// A descriptor at the start of a nameless temporary file that holds `bytes`.
private func unlinkedFile(holding bytes: [UInt8]) throws -> FileDescriptor {
  let folder = FileManager.default.temporaryDirectory.path
  // mkstemp replaces the six X.
  var template = Array((folder + "/seriesmith-XXXXXX").utf8CString)
  let raw = mkstemp(&template)
  guard raw >= 0 else { throw Errno(rawValue: errno) }
  _ = unlink(template)
  let descriptor = FileDescriptor(rawValue: raw)
  do {
    try descriptor.writeAll(bytes)
    try descriptor.seek(offset: 0, from: .start)
    return descriptor
  } catch {
    try? descriptor.close()
    throw error
  }
}
