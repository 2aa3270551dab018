import Foundation
import Processes

/// The built `seriesmith`, run as a user runs it.
enum Command {
  struct Result {
    var status: Int32
    var output: String
    var error: String
  }

  /// - Parameter environment: overrides a fixed set of variables. The cache is the user's, to fetch a kernel only once.
  static func seriesmith(
    _ arguments: [String], in directory: String? = nil, environment: [String: String] = [:]
  ) async throws -> Result {
    try await run(executable, arguments, in: directory ?? package, environment: fixed.merging(environment) { $1 })
  }

  /// Starts `seriesmith` and kills that process alone with SIGKILL.
  ///
  /// - Returns: whether it was still running.
  static func killSeriesmith(
    _ arguments: [String], in directory: String, environment: [String: String], after delay: Duration
  ) async throws -> Bool {
    try await signalSeriesmith(SIGKILL, arguments, in: directory, environment: environment, after: delay)
      == .signalled(SIGKILL)
  }

  /// Starts `seriesmith`, sends that process alone a signal, and waits for it to end.
  static func signalSeriesmith(
    _ signal: Int32, _ arguments: [String], in directory: String, environment: [String: String], after delay: Duration
  ) async throws -> Termination {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    process.environment = ProcessInfo.processInfo.environment.merging(fixed) { $1 }.merging(environment) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let (ends, end) = AsyncStream<Void>.makeStream()
    process.terminationHandler = { _ in end.finish() }
    try process.run()
    try await Task.sleep(for: delay)
    kill(process.processIdentifier, signal)
    // `waitUntilExit` would block a thread that other tests need.
    for await _ in ends {}
    return process.terminationReason == .uncaughtSignal
      ? .signalled(process.terminationStatus) : .exited(process.terminationStatus)
  }

  private static let fixed = [
    "NO_COLOR": "1", "LC_ALL": "C", "TZ": "UTC", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
  ]

  static func git(_ arguments: [String], in directory: String) async throws -> Result {
    let identity = [
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C", "TZ": "UTC",
      "GIT_AUTHOR_NAME": "A U Thor", "GIT_AUTHOR_EMAIL": "author@example.com",
      "GIT_COMMITTER_NAME": "C O Mitter", "GIT_COMMITTER_EMAIL": "committer@example.com",
      "GIT_COMMITTER_DATE": "1780000000 +0000",
    ]
    return try await run("git", arguments, in: directory, environment: identity)
  }

  /// Runs any other program.
  static func tool(
    _ name: String, _ arguments: [String], in directory: String, environment: [String: String] = [:]
  ) async throws -> Result {
    try await run(
      name, arguments, in: directory, environment: environment.merging(["LC_ALL": "C"]) { own, _ in own })
  }

  static func run(
    _ executable: String, _ arguments: [String], in directory: String, environment: [String: String]
  ) async throws -> Result {
    let outcome = try await Processes.run(
      Processes.Command(executable, arguments, environment: environment, directory: directory))
    guard case .exited(let status) = outcome.termination else {
      return Result(status: -1, output: "", error: "\(outcome.termination)")
    }
    let result = Result(
      status: status, output: String(decoding: outcome.output, as: UTF8.self),
      error: String(decoding: outcome.error, as: UTF8.self))
    if ([executable] + arguments).contains(Self.executable) {
      try ReportSchemas.check(arguments, in: directory, output: result.output)
    }
    return result
  }

  /// The package's folder, which holds `Templates/` and `patches/`.
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// The command's path: it is beside the test bundle.
  static let executable: String = {
    let bundle =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("seriesmith").path
  }()
}

/// Runs `body` with a temporary folder, and removes the folder.
func withScratchFolder<T>(_ body: (String) async throws -> T) async throws -> T {
  let folder = NSTemporaryDirectory() + "seriesmith-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try await body(folder)
}
