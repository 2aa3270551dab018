public import Diagnostics

/// A sandbox for an untrusted command, made by bubblewrap.
///
/// The command can read the machine's files but write only those in `writable`. It has no network, sees only its own
/// processes, and sees nothing of `/tmp` and `/run`, where other programs listen. All processes it started end with it.
public struct Sandbox: Sendable, Hashable {
  /// The program and its version: "bubblewrap 0.8.0".
  public let name: String
  /// Absolute paths of folders that stay visible in `/tmp` and `/run`. The folders on `PATH` always do.
  public var readable: [String] = []
  /// Absolute paths of folders that the command can write.
  public var writable: [String] = []
  /// Absolute paths of folders below `writable` ones that the command cannot write.
  public var kept: [String] = []

  private static let program = "bwrap"
  private static let hidden = ["/tmp", "/run"]

  /// Finds bubblewrap and tries it.
  ///
  /// - Throws: `Failure(.unavailable)` when bubblewrap is not installed or does not work on this machine.
  public static func find() async throws(Failure) -> Sandbox {
    let version = try await requireSuccess(Command(program, ["--version"]), to: "ask bubblewrap for its version")
    let sandbox = Sandbox(name: version.text.split(separator: "\n").first.map(String.init) ?? program)
    var trial = Command("true")
    trial.sandbox = sandbox
    try await requireSuccess(trial, to: "run a command in \(sandbox.name)")
    return sandbox
  }

  /// The command that runs `command` in the sandbox.
  ///
  /// - Parameter executable: the path of the command's own executable.
  func containing(_ command: Command, executable: String) -> Command {
    var result = command
    result.executable = Self.program
    result.environment["TMPDIR"] = "/tmp"
    result.sandbox = nil
    // New namespaces and no capabilities: root would keep them all and could undo the rest. No new session, so that the
    // process group stays the one that is killed with the command.
    result.arguments = ["--unshare-all", "--cap-drop", "ALL", "--die-with-parent", "--ro-bind", "/", "/"]
    // Through a writable /proc, root could change the kernel's settings.
    result.arguments += ["--dev", "/dev", "--proc", "/proc", "--remount-ro", "/proc"]
    for folder in Self.hidden { result.arguments += ["--tmpfs", folder] }
    for folder in (readable + Self.searchPath(of: command)).filter(Self.isHidden) {
      result.arguments += ["--ro-bind-try", folder, folder]
    }
    for folder in writable { result.arguments += ["--bind", folder, folder] }
    for folder in kept { result.arguments += ["--ro-bind", folder, folder] }
    if let directory = command.directory { result.arguments += ["--chdir", directory] }
    result.arguments += ["--", executable] + command.arguments
    return result
  }

  /// The command's termination, from bubblewrap's own: like a shell, bubblewrap exits with 128 plus the signal.
  func termination(_ own: Termination) -> Termination {
    if case .exited(let status) = own, (129...192).contains(status) { return .signalled(status - 128) }
    return own
  }

  private static func isHidden(_ path: String) -> Bool {
    hidden.contains { path == $0 || path.hasPrefix($0 + "/") }
  }

  private static func searchPath(of command: Command) -> [String] {
    (command.environment["PATH"] ?? "").split(separator: ":").map(String.init)
  }
}
