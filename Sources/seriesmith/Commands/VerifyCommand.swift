public import ArgumentParser
import Diagnostics
import Foundation
import Git
import Kbuild
import Kernels
import Processes
import Reports
public import Verification

struct Verify: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Verifies that every commit of a series applies and compiles.",
    discussion: """
      SOURCE is a folder of patches, an mbox, a quilt queue, or a range A..B of
      the repository.
      The repository is only read: states are made in memory, and everything
      else in Seriesmith's cache.

      Each depth checks what the ones before it check, and:
        apply      each patch, as it stands on disk, applies to the tree before
                   it, exactly and without fuzz; those of a quilt queue may
                   stand on other lines than they state
        structure  no ops table loses its callback, and no call reaches a table
                   that does not set it
        compile    what a commit affects compiles in every lane that builds it,
                   with no new warning, and links: symbols, namespaces, GPL-only
                   exports; a changed .c file that no lane compiles is a finding
        full       kernel-doc has nothing new to say of the changed files, sparse
                   nothing of the affected units, and checkpatch --strict no
                   error of any patch, each as the base has it

      A finding of structure, style, kernel-doc or sparse that is meant is let stand
      by a file that names it and says why; the report says so, too:
        accepted:
          - check: style
            file: include/linux/iommu.h
            message: "line length of 103 exceeds 100 columns"
            why: The table reads better so.

      A lane is an architecture with a configuration and a compiler:
      \(HelpText.read { LaneFile.help })
      A killed run goes on where it stopped, and what was compiled once is not
      compiled again.
      """)

  @Argument(
    help: ArgumentHelp("A folder of patches, an mbox, or a range A..B.", valueName: "source"), completion: .file())
  var source: String?

  @OptionGroup var options: TreeOptions

  @OptionGroup var laneOptions: LaneOptions

  @Option(help: "How deep to look.")
  var depth = Depth.compile

  @Option(
    name: .customLong("accepted"),
    help: ArgumentHelp(
      "The findings to let stand, each with a reason. (default: SOURCE/accepted.yaml, if there is one)",
      valueName: "file"), completion: .yaml)
  var acceptedFile: String?

  @Flag(
    help: ArgumentHelp(
      "Compile everything that includes a changed header, mentioned or not.",
      discussion: "The verdict is the same; it only takes longer, hours where a header reaches half the kernel."))
  var exhaustive = false

  @Option(help: ArgumentHelp("How many compilers to run at once.", valueName: "n"))
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  @Option(
    help: ArgumentHelp(
      "What to run compilers through: ccache, distcc, icecc.",
      discussion: "The verdict is the same: what it cannot compile without a word is compiled here.",
      valueName: "command"))
  var launcher: String?

  @OptionGroup var sandbox: SandboxOption

  @Option(
    help: ArgumentHelp(
      "Do the i-th of n parts of the work, and write what --merge reads with --json.", valueName: "i/n"))
  var shard: Shard?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Join what all shards of a series wrote to one report, in place of SOURCE.", valueName: "file"))
  var merge: [String] = []

  @OptionGroup(title: "Reports") var reports: ReportOptions

  func validate() throws {
    if jobs < 1 { throw ValidationError("--jobs starts at 1") }
    if (source == nil) == merge.isEmpty {
      throw ValidationError("Missing expected argument '<source>', or else --merge")
    }
    if shard != nil, reports.json == nil { throw ValidationError("--shard needs --json, which --merge reads") }
  }

  func perform() async throws {
    let command = self
    let outcome = try await withSignalsCancelling { () async throws(Failure) in try await command.outcome() }
    let report = outcome.report
    if report.exitStatus == .unavailable { Console.standard.adviseOnCache(report.text(Printer(color: false))) }
    try reports.write(
      .init(
        json: { () throws(Failure) in if let shard = outcome.shard { try shard.json() } else { try report.json() } },
        html: { writer throws(Failure) in try writer.html(report, diffs: outcome.diffs) },
        junit: { writer throws(Failure) in try writer.junit(report) },
        text: report.text, status: report.exitStatus))
  }

  private struct Outcome {
    var report: VerifyReport
    /// The part of the work that the report is about; nil for all of it.
    var shard: VerifyShard?
    /// What each commit changes, if that is to be shown.
    var diffs: [String] = []
  }

  private nonisolated(nonsending) func outcome() async throws(Failure) -> Outcome {
    guard let source else {
      let files = try merge.map { (path) throws(Failure) in try Self.shardFile(path) }
      return Outcome(report: try await VerifyShard.merged(files, cache: Cache.user.root))
    }
    let progress = Console.standard.progress
    let lanes = try laneOptions.lanes(at: depth)
    let accepted = try AcceptedFindings.read(acceptedFile, beside: source)
    let launcher = try launcher.map { (line) throws(Failure) in try Launcher(line) }
    let (repository, base) = try await options.open(progress)
    let verifier = Verifier(
      repository: repository, cache: Cache.user.root, lanes: lanes, depth: depth, accepted: accepted,
      exhaustive: exhaustive, jobs: jobs, launcher: launcher, sandboxing: sandbox.use,
      progress: progress)
    if let shard {
      let part = try await verifier.verify(shard, of: source, base: base.id.hex)
      return Outcome(report: part.report, shard: part)
    }
    let report = try await verifier.verify(source, base: base.id.hex)
    guard reports.html != nil else { return Outcome(report: report) }
    return Outcome(
      report: report, diffs: try await SeriesSource.read(source, in: repository).source.diffs(in: repository))
  }

  private static func shardFile(_ path: String) throws(Failure) -> (name: String, bytes: Data) {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw Failure(.input, at: Place(path), "cannot be read")
    }
    return (path, bytes)
  }
}

extension Shard: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension Depth: ExpressibleByArgument {}
