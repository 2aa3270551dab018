import ArgumentParser
import Diagnostics

/// A command whose failure is printed as findings, and whose exit status is the failure's.
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
