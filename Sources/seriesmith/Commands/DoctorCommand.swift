import ArgumentParser
import Diagnostics
import Foundation
import Processes
import Verification

struct DoctorCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Lists required tools, their versions, and the packages that provide missing ones.",
    discussion: """
      Checks the programs, headers and libraries that each command needs, the cache
      and the free space of its disk, and whether virtual machines can use KVM.
      Generating a series on a kernel that you have needs nothing.

      Exits with status 69 if something required is missing. To check what one
      command needs:

        seriesmith doctor verify
      """)

  @Argument(help: ArgumentHelp("The commands to check for. (default: all)", valueName: "command"))
  var needs: [Need] = []

  @OptionGroup var laneFile: LaneFileOption

  @Option(
    help: ArgumentHelp("Write the result as JSON ('-' for standard output).", valueName: "file"),
    completion: .file())
  var json: String?

  func perform() async throws {
    let command = self
    let checkup = try await withSignalsCancelling { () async throws(Failure) in
      try await Checkup(
        of: command.needs.isEmpty ? Need.allCases : command.needs, lanes: try LaneFile.lanes(command.laneFile.path),
        plan: try ProofFile.plan())
    }
    if let json { try Output.write(try ReportJSON.data(checkup), to: json) }
    if json != "-" { print(checkup.text(Console.standard.outputPrinter), terminator: "") }
    if checkup.verdict == .lacking { throw ExitCode(ExitStatus.unavailable.rawValue) }
  }
}

/// A command, or a depth of one, that a machine may lack tools for.
enum Need: String, CaseIterable, ExpressibleByArgument, Encodable {
  case kernel, verify, full, prove, mail, compare

  var title: String { self == .full ? "verify --depth full" : rawValue }
}
