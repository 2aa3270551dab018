import Foundation
import Subprocess
import SystemPackage

/// Runs processes.
enum Shell {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// Runs a command and returns what it wrote to its standard output.
  ///
  /// - Throws: `Failure` with its standard error, if it exits with a status other than `statuses`.
  static func output(
    _ name: String, _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil,
    accepting statuses: Set<Int32> = [0]
  ) async throws -> String {
    let result = try await Subprocess.run(
      executable(name), arguments: Arguments(arguments), environment: updated(environment),
      workingDirectory: folder.map { FilePath($0) }, output: .string(limit: 64 << 20), error: .string(limit: 64 << 20))
    guard case .exited(let status) = result.terminationStatus, statuses.contains(status) else {
      throw Failure(
        description: "\(name) \(arguments.joined(separator: " ")): \(result.terminationStatus)\n\(result.standardError)"
      )
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

  /// Runs a command and returns its own peak memory, without that of its children, in bytes.
  static func peak(
    _ name: String, _ arguments: [String], environment: [String: String] = [:], accepting statuses: Set<Int32> = [0]
  ) async throws -> Double {
    let result = try await Subprocess.run(
      executable(name), arguments: Arguments(arguments), environment: updated(environment), input: .none,
      output: .discarded, error: .discarded
    ) { execution in
      // Once a process has ended, its usage includes that of its children: so poll while it runs.
      let status = "/proc/\(execution.processIdentifier.value)/status"
      var peak = 0.0
      while let line = try? String(contentsOfFile: status, encoding: .utf8).split(separator: "\n")
        .first(where: { $0.hasPrefix("VmHWM:") })
      {
        let kilobytes = line.split(whereSeparator: \.isWhitespace)[1]
        peak = max(peak, (Double(kilobytes) ?? 0) * 1024)
        try await Task.sleep(for: .milliseconds(1))
      }
      return peak
    }
    guard case .exited(let status) = result.terminationStatus, statuses.contains(status) else {
      throw Failure(description: "\(name) \(arguments.joined(separator: " ")): \(result.terminationStatus)")
    }
    return result.closureResult
  }

  private static func executable(_ name: String) -> Executable {
    name.contains("/") ? .path(FilePath(name)) : .name(name)
  }

  private static func updated(_ environment: [String: String]) -> Environment {
    .inherit.updating(
      Dictionary(
        uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), $0.value as String?) }))
  }
}
