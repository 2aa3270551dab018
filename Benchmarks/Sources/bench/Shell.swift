import Foundation
import Subprocess
import SystemPackage

/// Whole processes.
enum Shell {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// Runs a command, its errors on this one's, and returns what it wrote.
  static func output(
    _ name: String, _ arguments: [String], environment: [String: String] = [:], accepting statuses: Set<Int32> = [0]
  ) async throws -> String {
    let executable: Executable = name.contains("/") ? .path(FilePath(name)) : .name(name)
    let values = Dictionary(
      uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), $0.value as String?) })
    let result = try await Subprocess.run(
      executable, arguments: Arguments(arguments), environment: .inherit.updating(values),
      output: .string(limit: 64 << 20), error: .currentStandardError)
    guard case .exited(let status) = result.terminationStatus, statuses.contains(status) else {
      throw Failure(description: "\(name) \(arguments.joined(separator: " ")): \(result.terminationStatus)")
    }
    return result.standardOutput
  }

  /// Runs a command and returns its wall time in seconds.
  @discardableResult
  static func time(
    _ name: String, _ arguments: [String], environment: [String: String] = [:], accepting statuses: Set<Int32> = [0]
  ) async throws -> Double {
    let start = ContinuousClock.now
    _ = try await output(name, arguments, environment: environment, accepting: statuses)
    return (ContinuousClock.now - start) / .seconds(1)
  }
}
