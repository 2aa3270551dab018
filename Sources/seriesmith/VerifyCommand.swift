public import ArgumentParser
import Diagnostics
import Foundation
import Git
import Kbuild
import Kernels
import Processes
public import Verification

struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verifies that every commit of a series applies and compiles.",
    discussion: """
      SOURCE is a folder of patches, an mbox, or a range A..B of the repository.
      The repository is only read: states are made in memory, and everything
      else in Seriesmith's cache.

      Each depth checks what the ones before it check, and:
        apply      each patch, as it stands on disk, applies to the tree before
                   it, exactly and without fuzz
        structure  no ops table loses its callback, and no call reaches a table
                   that does not set it
        compile    what a commit affects compiles in every lane that builds it,
                   with no new warning; a changed .c file that no lane compiles
                   is a finding

      A lane is an architecture with a configuration and a compiler:
      \(Lane.standard.map { Columns.entry($0.name, $0.why, indent: 17) }.joined())
      A killed run goes on where it stopped, and what was compiled once is not
      compiled again.
      """)

  @Argument(help: ArgumentHelp("A folder of patches, an mbox, or a range A..B.", valueName: "source"))
  var source: String

  @OptionGroup var options: TreeOptions

  @Option(
    name: .customLong("lane"), parsing: .singleValue,
    help: ArgumentHelp("A lane to compile in; may be repeated. (default: all)", valueName: "name"))
  var laneNames: [String] = []

  @Option(help: "How deep to look.")
  var depth = Depth.compile

  @Option(help: ArgumentHelp("How many compilers to run at once.", valueName: "n"))
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: ArgumentHelp("Write the report as JSON ('-' for standard output).", valueName: "file"))
  var json: String?

  func validate() throws {
    if jobs < 1 { throw ValidationError("--jobs starts at 1") }
    let known = Lane.standard.map(\.name)
    if let unknown = laneNames.first(where: { !known.contains($0) }) {
      throw ValidationError("there is no lane '\(unknown)'; the lanes are: " + known.joined(separator: ", "))
    }
  }

  func run() async throws {
    let command = self
    let report = try await withSignalsCancelling { () async throws(Failure) in try await command.verify() }
    if let json { try Output.write(Data(try report.json()), to: json) }
    if json != "-" { print(report.text(Console.standard.outputPrinter), terminator: "") }
    if report.exitStatus != .holds { throw ExitCode(report.exitStatus.rawValue) }
  }

  private nonisolated(nonsending) func verify() async throws(Failure) -> VerifyReport {
    let progress = Console.standard.progress
    let (repository, base) = try await options.open(progress)
    let lanes = laneNames.isEmpty ? Lane.standard : Lane.standard.filter { laneNames.contains($0.name) }
    let verifier = Verifier(
      repository: repository, cache: Cache.user.root, lanes: lanes, lanesAreRestricted: !laneNames.isEmpty,
      depth: depth, jobs: jobs, progress: progress)
    return try await verifier.verify(source, base: base.id.hex)
  }
}

extension Depth: ExpressibleByArgument {}
