import Diagnostics
import Foundation
import Processes
import Support

/// Looks for programs, files, headers and libraries on this machine.
struct MachineItems {
  /// PATH, and git's own folder: git keeps some programs outside PATH.
  private let path: String

  init() async throws(Failure) {
    let own = which("git") == nil ? "" : try await run(Processes.Command("git", ["--exec-path"])).text
    path = (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":" + own.trimmingCharacters(in: .newlines)
  }

  func has(_ item: DebianPackage.Item) async throws(Failure) -> Bool {
    switch item {
    case .program(let name): return which(name, path: path) != nil
    case .file(let file): return Files.exists(file)
    case .header(let name):
      return try await gcc(["-fsyntax-only", "-x", "c", "-"], input: "#include <\(name)>\n") != nil
    case .library(let name):
      // If there is none, gcc prints the bare name.
      return try await gcc(["-print-file-name=lib\(name).a"])?.hasPrefix("/") == true
    }
  }

  /// The version that a program prints; nil if the program is missing or prints none.
  func version(_ program: String) async throws(Failure) -> String? {
    guard let path = which(program, path: path) else { return nil }
    let outcome = try await run(
      Command(path, ["--version"], environment: ["LC_ALL": "C"]), timeLimit: .seconds(10))
    guard outcome.succeeded else { return nil }
    let text = outcome.text + outcome.errorText
    return (text.firstMatch(of: #/[0-9]+(?:\.[0-9]+)+/#) ?? text.firstMatch(of: #/[0-9]+/#)).map { String($0.0) }
  }

  /// What gcc prints; nil if it fails or is missing.
  private func gcc(_ arguments: [String], input: String = "") async throws(Failure) -> String? {
    guard which("gcc") != nil else { return nil }
    let outcome = try await run(Command("gcc", arguments, input: Array(input.utf8)))
    return outcome.succeeded ? outcome.text : nil
  }
}
