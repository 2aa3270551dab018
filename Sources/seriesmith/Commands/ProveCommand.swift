import ArgumentParser
import Diagnostics
import Foundation
import Git
import Kernels
import Processes
import Proving
import Reports

struct ProveCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "prove",
    abstract: "Builds a kernel after every patch of a series, boots it and measures it.",
    discussion: """
      SOURCE is a folder of patches, an mbox, a quilt queue, or a range A..B of
      the repository, as for `verify`; the repository is only read.

      The kernel is small and made for a virtual machine. Templates/prove/prove.yaml
      describes its configuration, the machine, and what the tests count. The boots
      are:
      \(ProofFile.boots)
      A test that passed before a patch, and after it fails, dies or is gone, is a
      finding with its log; so is a new kernel warning. No count may be higher after
      the last patch than at the base:
      \(ProofFile.counters)
      A boot is repeated only when something that its kernel was built from changes.
      The first kernel takes minutes to build; later ones rebuild only what the patch
      affects.

        seriesmith prove out --tree ~/linux --json proof.json
      """)

  @Argument(
    help: ArgumentHelp("A folder of patches, an mbox, or a range A..B.", valueName: "source"), completion: .file())
  var source: String

  @OptionGroup var options: TreeOptions

  @Option(
    name: .customLong("boot"), parsing: .singleValue,
    help: ArgumentHelp("A boot to run; may be repeated. (default: all)", valueName: "name"),
    completion: .boots)
  var boots: [String] = []

  @Option(help: ArgumentHelp("The number of compilers or virtual machines to run at once.", valueName: "n"))
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  @OptionGroup var sandbox: SandboxOption

  @OptionGroup(title: "Reports") var reports: ReportOptions

  func validate() throws {
    if jobs < 1 { throw ValidationError("--jobs must be at least 1") }
  }

  func perform() async throws {
    let command = self
    let report = try await withSignalsCancelling { () async throws(Failure) in try await command.prove() }
    try reports.write(
      .init(
        json: { () throws(Failure) in try report.json() },
        html: { writer throws(Failure) in try writer.html(report) },
        junit: { writer throws(Failure) in try writer.junit(report) },
        text: report.text, status: report.exitStatus))
  }

  private nonisolated(nonsending) func prove() async throws(Failure) -> ProveReport {
    let progress = Console.standard.progress
    let plan = try ProofFile.plan(boots: boots)
    let (repository, base) = try await options.open(progress)
    let prover = Prover(
      repository: repository, cache: Cache.user.root, plan: plan, jobs: jobs, sandboxing: sandbox.use,
      progress: progress)
    return try await prover.prove(source, base: base.id.hex)
  }
}
