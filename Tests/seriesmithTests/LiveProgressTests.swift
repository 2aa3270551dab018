import Foundation
import GitBinary
import Processes
import Support
import Testing

/// Output on a terminal, which `script` provides.
@Suite struct LiveProgressTests {
  private static let escape = "\u{1b}"

  /// Runs `seriesmith` on a terminal of its own.
  ///
  /// - Parameter before: shell text to put before the command.
  private func onTerminal(
    _ arguments: [String], before: String = "", environment: [String: String], in folder: String
  ) async throws -> (status: Int32, output: String) {
    let words = ([Command.executable] + arguments).map { "'\($0)'" }.joined(separator: " ")
    let outcome = try await run(
      Processes.Command(
        "script", ["--quiet", "--return", "--command", "stty rows 24; \(before) \(words)", "/dev/null"],
        environment: ["TERM": "xterm", "NO_COLOR": ""].merging(environment) { $1 }, directory: folder))
    guard case .exited(let status) = outcome.termination else { return (-1, outcome.text) }
    return (status, outcome.text)
  }

  @Test func theMatrixFillsInAndGoes() async throws {
    let series = try FakeSeries()
    let (status, output) = try await onTerminal(
      series.arguments, environment: series.environment, in: series.folder)
    #expect(status == 0, "\(output)")
    let drawn = output.components(separatedBy: Self.escape + "[?7l").dropFirst()
      .map { $0.components(separatedBy: Self.escape + "[?7h")[0] }
    #expect(drawn.contains { $0.contains("Preparing lane fake …") })
    // Two header lines, three states, and the progress line.
    let matrices = drawn.filter { $0.contains("  2/3 main: use it more") }
    #expect(matrices.contains { $0.hasSuffix(" units\(Self.escape)[0m") }, "\(drawn)")
    // The last drawing is erased, and nothing is drawn after it.
    let end = output.components(separatedBy: Self.escape + "[J").last ?? ""
    #expect(end.contains("stands: 3 commits"))
    #expect(!end.contains(Self.escape + "[?7l"))
    #expect(output.contains(Self.escape + "[1;32m"), "the verdict is green")
    // A hidden cursor would stay hidden after a killed run.
    #expect(!output.contains(Self.escape + "[?25l"))
  }

  @Test func aTerminalMayBeWithoutColour() async throws {
    let series = try FakeSeries()
    let (_, output) = try await onTerminal(
      series.arguments, environment: series.environment.merging(["NO_COLOR": "1"]) { $1 }, in: series.folder)
    #expect(output.contains(Self.escape + "[?7l"))
    #expect(output.firstMatch(of: #/\x{1b}\[[0-9;]*m/#) == nil)
  }

  @Test func aDumbTerminalGetsLinesOnly() async throws {
    let series = try FakeSeries()
    let (_, output) = try await onTerminal(
      series.arguments, environment: series.environment.merging(["TERM": "dumb"]) { $1 }, in: series.folder)
    #expect(!output.contains(Self.escape))
    #expect(output.contains("Compiling in lane fake: "))
  }

  @Test func aPipeGetsLinesOnly() async throws {
    let series = try FakeSeries()
    let result = try await Command.seriesmith(
      series.arguments, in: series.folder,
      environment: series.environment.merging(["TERM": "xterm", "NO_COLOR": ""]) { $1 })
    #expect(!(result.output + result.error).contains(Self.escape))
    #expect(result.error.contains("Compiling in lane fake: "))
  }

  @Test func anInterruptedRunLeavesNothingDrawn() async throws {
    let series = try FakeSeries()
    let make = series.folder + "/bin/make"
    try Files.makeFolder(series.folder + "/bin")
    // By then the lane is shown, however long the machine took to come here.
    let script = """
      #!/bin/sh
      sleep 1
      # A shell is between make and the command.
      read -r _ _ _ command _ </proc/$PPID/stat
      kill -INT "$command"
      exec sleep 3600

      """
    try Script.write(script, to: make)
    let (status, output) = try await onTerminal(
      series.arguments, before: "PATH='\(series.folder)/bin':$PATH timeout --foreground 300",
      environment: series.environment, in: series.folder)
    #expect(output.contains("Preparing lane fake …"))
    let end = output.components(separatedBy: Self.escape + "[J").last ?? ""
    #expect(end.hasSuffix("interrupted\r\n"), "\(output)")
    #expect(!end.contains(Self.escape + "[?7l"))
    #expect(status == 130)
  }

  @Test func saysWhereTheTimeWentIfAsked() async throws {
    let series = try FakeSeries()
    let text = try await Command.seriesmith(
      series.arguments + ["--timings"], in: series.folder, environment: series.environment
    ).error
    let steps = try #require(text.split(separator: "Where the time went:\n").last)
    #expect(steps.contains(#/\n +\d+\.\d s  Planning what to compile\n/#), "\(text)")
    #expect(steps.contains(#/The slowest units:\n +\d+\.\d s  \S+\.c in \S+, patch \d+\n/#), "\(text)")
  }
}
