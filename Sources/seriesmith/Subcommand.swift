import ArgumentParser
import Diagnostics

/// A command that prints a failure as findings and exits with its status.
protocol Subcommand: AsyncParsableCommand {
  func perform() async throws
}

extension Subcommand {
  func run() async throws {
    do {
      try await perform()
    } catch let failure as Failure {
      Console.standard.fail(failure)
      throw ExitCode(failure.status.rawValue)
    }
  }
}
