import Foundation
import Testing

/// A mount namespace in which a test mounts its own file systems.
enum Namespace {
  /// Whether this machine allows mount namespaces.
  static let isAvailable: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
    process.arguments = ["--mount", "--map-root-user", "mount", "-t", "tmpfs", "none", "/mnt"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  static let isNeeded = Comment("needs `unshare --mount --map-root-user`, which this machine does not allow")

  /// Runs a shell script in a namespace, with the `seriesmith` command line in `$@`.
  static func run(
    _ script: String, _ arguments: [String], in folder: String, environment: [String: String]
  ) async throws -> Command.Result {
    try await Command.tool(
      "unshare",
      ["--mount", "--map-root-user", "sh", "-c", "set -e; " + script, "sh", Command.executable] + arguments,
      in: folder, environment: environment.merging(["NO_COLOR": "1", "TZ": "UTC"]) { own, _ in own })
  }
}
