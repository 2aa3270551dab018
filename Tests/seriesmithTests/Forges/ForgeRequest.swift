import Foundation
import Testing

/// A branch in a forge's repository, which the forge is asked to merge.
final class ForgeRequest {
  /// What a forge's run of a workflow came to.
  struct Outcome {
    var shards: [Command.Result]
    var verdict: Command.Result
    /// What the forge shows beside the code.
    var annotations: [String]
  }

  private let series: FakeSeries
  var repository: String { series.path }

  init() throws {
    series = try FakeSeries()
    try ShardTests.lanes.write(toFile: series.folder + "/lanes.yaml", atomically: true, encoding: .utf8)
    // The base has a history, too, which a clone may lack.
    let tree = try git("rev-parse", "base^{tree}")
    let older = try git("commit-tree", "-m", "older", tree)
    let base = try git("commit-tree", "-m", "base", "-p", older, tree)
    try git("rebase", "--quiet", "--onto", base, "base")
    try git("tag", "--force", "base", base)
    // Forges give out any commit, as they do for requests.
    try series.git("config", "uploadpack.allowAnySHA1InWant", "true")
    try FileManager.default.createDirectory(atPath: series.folder + "/bin", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: series.folder + "/bin/seriesmith", withDestinationPath: Command.executable)
  }

  func commit(_ message: String, _ files: [String: String]) throws { try series.commit(message, files) }

  @discardableResult
  func git(_ arguments: String...) throws -> String {
    String(decoding: try series.git(arguments), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The variables of the image, and the options that the workflow's owner would set for this kernel.
  var environment: [String: String] {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return [
      "PATH": series.folder + "/bin:" + path, "HOME": series.folder, "GIT_CONFIG_NOSYSTEM": "1", "NO_COLOR": "1",
      "GIT_CONFIG_GLOBAL": series.folder + "/gitconfig", "LC_ALL": "C",
      "OPTIONS": "--lanes \(series.folder)/lanes.yaml",
    ]
  }

  /// Puts a commit into a new folder, with as much of its history as is asked for.
  func checkOut(_ commit: String, depth: String, into folder: String) async throws {
    for arguments in [
      ["init", "--quiet"], ["remote", "add", "origin", "file://" + repository],
      ["fetch", "--quiet", "--no-tags", "--depth", depth, "origin", commit],
      ["checkout", "--quiet", "--detach", commit],
    ] {
      let run = try await Command.git(arguments, in: folder)
      try #require(run.status == 0, "\(run.error)")
    }
  }
}

/// The folder of a job, new for each.
struct JobFolder: ~Copyable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "job-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Copies a file or folder, with its times, to the same path in another folder.
  static func copy(_ path: String, from one: String, to other: String) async throws {
    let parent = URL(fileURLWithPath: "\(other)/\(path)").deletingLastPathComponent().path
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    let run = try await Command.tool("cp", ["-a", "\(one)/\(path)", parent], in: one)
    try #require(run.status == 0, "\(run.error)")
  }

  func run(_ script: String, _ flags: [String], _ environment: [String: String]) async throws -> Command.Result {
    let file = path + ".sh"
    try script.write(toFile: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: file) }
    return try await Command.run("bash", flags + [file], in: path, environment: environment)
  }
}
