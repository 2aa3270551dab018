public import Diagnostics

/// What a command is kept in that is not trusted: bubblewrap.
///
/// The command sees the machine's files and can write those in `writable` alone. It has no network, sees no process but
/// its own, and nothing of `/tmp` and `/run`, where other programs listen. What it has started ends with it.
public struct Sandbox: Sendable, Hashable {
  /// The program and its version: "bubblewrap 0.8.0".
  public let name: String
  /// Folders to be seen even in `/tmp` and `/run`, absolute. What is on `PATH` is seen in any case.
  public var readable: [String] = []
  /// Folders that the command can write, absolute.
  public var writable: [String] = []
  /// Folders in those that it cannot.
  public var kept: [String] = []

  private static let program = "bwrap"
  private static let hidden = ["/tmp", "/run"]

  /// - Throws: `Failure(.unavailable)` when bubblewrap is not installed, or when this machine does not let it work.
  public static func find() async throws(Failure) -> Sandbox {
    let version = try await requireSuccess(Command(program, ["--version"]), to: "ask for its version")
    let sandbox = Sandbox(name: version.text.split(separator: "\n").first.map(String.init) ?? program)
    var trial = Command("true")
    trial.sandbox = sandbox
    try await requireSuccess(trial, to: "keep a command in \(sandbox.name)")
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
    // In namespaces of its own and with no capability; a superuser would keep them all, and could undo the rest. Its
    // group of processes stays the one that is ended with it.
    result.arguments = ["--unshare-all", "--cap-drop", "ALL", "--die-with-parent", "--ro-bind", "/", "/"]
    // Of a superuser's, the kernel's own settings could be written there.
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

  /// How a command ended by what bubblewrap ended with, which says like a shell that a signal has killed it.
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
