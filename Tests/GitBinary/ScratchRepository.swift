import Foundation

/// A git repository for one test, driven by the git command and deleted with the value.
///
/// It is independent of the machine: no user or system configuration, fixed dates, UTC, the C locale.
public final class ScratchRepository {
  /// A git command exited with a status other than 0.
  public struct CommandFailed: Error, CustomStringConvertible {
    /// The command and its standard error.
    public var description: String
  }

  /// The path of the work tree.
  public let path: String
  private var commits = 0

  /// Creates an empty repository with the unborn branch `main`.
  public init() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("git-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path
    try git("init", "--quiet", "--initial-branch=main")
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Runs git and returns what it printed.
  @discardableResult
  public func git(_ arguments: String..., input: [UInt8] = []) throws -> [UInt8] {
    try git(arguments, input: input)
  }

  /// Runs git and returns what it printed.
  @discardableResult
  public func git(_ arguments: [String], input: [UInt8] = []) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git"] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: path)
    process.environment = environment
    // A file instead of a pipe, so that neither side waits for the other.
    let inputFile = URL(fileURLWithPath: path + "/.git-input")
    if !input.isEmpty {
      try Data(input).write(to: inputFile)
      process.standardInput = try FileHandle(forReadingFrom: inputFile)
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    defer { try? FileManager.default.removeItem(at: inputFile) }
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw CommandFailed(
        description: "git \(arguments.joined(separator: " ")): \(String(decoding: said, as: UTF8.self))")
    }
    return [UInt8](printed)
  }

  private var environment: [String: String] {
    let date = "\(1_780_000_000 + commits * 60) +0200"
    return [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "HOME": path, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_ATTR_NOSYSTEM": "1",
      "LC_ALL": "C", "TZ": "UTC", "GIT_CEILING_DIRECTORIES": (path as NSString).deletingLastPathComponent,
      "GIT_AUTHOR_NAME": authorName, "GIT_AUTHOR_EMAIL": authorEmail, "GIT_AUTHOR_DATE": date,
      "GIT_COMMITTER_NAME": "C O Mitter", "GIT_COMMITTER_EMAIL": "committer@example.com", "GIT_COMMITTER_DATE": date,
    ]
  }

  /// The author's name in later commits.
  public var authorName = "A U Thor"
  /// The author's address in later commits.
  public var authorEmail = "author@example.com"

  /// Writes a file of the work tree.
  public func write(_ bytes: [UInt8], to name: String) throws {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  /// Writes a text file of the work tree.
  public func write(_ text: String, to name: String) throws {
    try write(Array(text.utf8), to: name)
  }

  /// Removes a file or folder of the work tree.
  public func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: path + "/" + name)
  }

  /// Commits the whole work tree and returns the commit's id.
  @discardableResult
  public func commit(_ message: String = "change") throws -> String {
    commits += 1
    try git("add", "--all")
    try git(["commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "--file=-"], input: Array(message.utf8))
    return try text("rev-parse", "HEAD")
  }

  /// What git printed, as text without the last newline.
  public func text(_ arguments: String...) throws -> String {
    let text = String(decoding: try git(arguments), as: UTF8.self)
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  /// The id of a revision's tree.
  public func tree(_ revision: String = "HEAD") throws -> String {
    try text("rev-parse", revision + "^{tree}")
  }
}
