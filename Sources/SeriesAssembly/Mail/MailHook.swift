public import Diagnostics
import Foundation
public import Git
import Processes
import Support

/// Git's hook `sendemail-validate` and b4's setting of a command that checks each patch: what asks Seriesmith before a
/// series is mailed.
public struct MailHook: Sendable {
  /// The hook's file.
  public let path: String
  private let repository: String
  private let checkCommand: String
  private let text: String

  /// b4's setting. It may be there several times: each is a command.
  public static let setting = "b4.prep-perpatch-check-cmd"
  private static let name = "sendemail-validate"
  /// By this line a hook is known as Seriesmith's.
  private static let mark = "# Installed by `seriesmith hook install`; `seriesmith hook uninstall` removes it."

  /// - Parameters:
  ///   - program: the path of the command to run.
  ///   - options: what it is given besides.
  public nonisolated(nonsending) init(
    in repository: Repository, program: String, options: [String]
  ) async throws(Failure) {
    let path = repository.path
    // Git knows `core.hooksPath`, and that work trees share their hooks.
    let command = Command("git", ["-C", path, "rev-parse", "--path-format=absolute", "--git-path", "hooks"])
    let folder = try await requireSuccess(command, to: "find the hooks of '\(path)'").text
    self.path = folder.trimmingCharacters(in: .newlines) + "/" + Self.name
    self.repository = path
    checkCommand = Command(program, ["hook", "check"] + options).description
    text = """
      #!/bin/sh
      \(Self.mark)
      exec \(Command(program, ["hook", "validate"] + options)) "$@"

      """
  }

  /// Writes the hook, and the setting unless b4 has another command already.
  ///
  /// - Returns: what was done, and what is left to do.
  /// - Throws: `Failure(.usage)` for a hook that Seriesmith did not write: it stays as it is.
  public nonisolated(nonsending) func install() async throws(Failure) -> [String] {
    guard !isThere || isOurs else {
      throw Failure(
        .usage, "'\(path)' is a hook of your own", notes: ["to have both, add to it: \(line) || exit 1"])
    }
    if let slash = path.lastIndex(of: "/") { try Files.makeFolder(String(path[..<slash])) }
    try Files.write(text.utf8, to: path)
    guard chmod(path, 0o755) == 0 else {
      throw Failure(.unavailable, "cannot make '\(path)' executable", notes: [String(cString: strerror(errno))])
    }
    let others = try await commands(everywhere: true).filter { !Self.isOurs($0) }
    guard others.isEmpty else {
      return [
        "installed \(path)", "b4 prep --check runs \(others.joined(separator: ", ")); to add Seriesmith:",
        "  git config --add \(Self.setting) \(Command(checkCommand))",
      ]
    }
    try await removeCommand()
    try await git(["config", "--local", "--add", Self.setting, checkCommand])
    return ["installed \(path)", "set \(Self.setting), which b4 prep --check runs"]
  }

  /// Takes away what `install` wrote, and nothing else.
  ///
  /// - Returns: what was done.
  public nonisolated(nonsending) func uninstall() async throws(Failure) -> [String] {
    var done: [String] = []
    if isThere, isOurs {
      try Files.remove(path)
      done.append("removed \(path)")
    } else if isThere {
      done.append("\(path) is a hook of your own, and stays")
    }
    if try await removeCommand() { done.append("unset \(Self.setting)") }
    return done.isEmpty ? ["nothing was installed"] : done
  }

  /// The line by which another hook does the same.
  private var line: String { text.split(separator: "\n")[2].dropFirst("exec ".count).description }

  private var isThere: Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  private var isOurs: Bool {
    Files.readRegular(path).map { String(decoding: $0, as: UTF8.self).contains("\n\(Self.mark)\n") } ?? false
  }

  private static func isOurs(_ command: String) -> Bool {
    command.contains("seriesmith") && command.contains(" hook check")
  }

  private func commands(everywhere: Bool) async throws(Failure) -> [String] {
    // b4 reads its settings from the file only where git's configuration has none.
    let places = everywhere ? [[], ["--file", "\(repository)/.b4-config"]] : [["--local"]]
    for place in places {
      let outcome = try await run(Command("git", ["-C", repository, "config"] + place + ["--get-all", Self.setting]))
      let values = outcome.text.split(separator: "\n").map(String.init)
      if !values.isEmpty { return values }
    }
    return []
  }

  /// Removes Seriesmith's values of b4's setting from the repository's configuration.
  @discardableResult
  private func removeCommand() async throws(Failure) -> Bool {
    let values = try await commands(everywhere: false)
    guard values.contains(where: Self.isOurs) else { return false }
    try await git(["config", "--local", "--unset-all", Self.setting])
    for value in values where !Self.isOurs(value) {
      try await git(["config", "--local", "--add", Self.setting, value])
    }
    return true
  }

  private func git(_ arguments: [String]) async throws(Failure) {
    try await requireSuccess(
      Command("git", ["-C", repository] + arguments), to: "change the settings of '\(repository)'")
  }
}
