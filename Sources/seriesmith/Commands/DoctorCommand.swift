import ArgumentParser
import Diagnostics
import Foundation
import Processes
import Verification

struct Doctor: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Says what is installed of what Seriesmith needs, and which package has what is missing.",
    discussion: """
      Looks at the programs, headers and libraries that each command needs, at the
      cache and the room that is left for it, and at whether virtual machines can
      use KVM. Nothing is needed to generate a series from a kernel that you have.

      The exit status is 69 when something that is needed is missing. To ask for
      some commands only:

        seriesmith doctor verify
      """)

  @Argument(help: ArgumentHelp("What is to be done; all of it, if you name nothing.", valueName: "command"))
  var needs: [Need] = []

  @OptionGroup var laneFile: LaneFileOption

  @Option(
    help: ArgumentHelp("Write what was found as JSON ('-' for standard output).", valueName: "file"),
    completion: .file())
  var json: String?

  func perform() async throws {
    let command = self
    let checkup = try await withSignalsCancelling { () async throws(Failure) in
      try await Checkup(
        of: command.needs.isEmpty ? Need.allCases : command.needs, lanes: try LaneFile.lanes(command.laneFile.path),
        plan: try ProofFile.plan(), progress: Console.standard.progress)
    }
    if let json { try Output.write(try ReportJSON.data(checkup), to: json) }
    if json != "-" { print(checkup.text(Console.standard.outputPrinter), terminator: "") }
    if checkup.verdict == .lacking { throw ExitCode(ExitStatus.unavailable.rawValue) }
  }
}

/// What a machine may have to be ready for: a command, or a depth of one.
enum Need: String, CaseIterable, ExpressibleByArgument, Encodable {
  case kernel, verify, full, prove, mail, compare

  var title: String { self == .full ? "verify --depth full" : rawValue }
}
