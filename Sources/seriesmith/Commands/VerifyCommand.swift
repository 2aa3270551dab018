public import ArgumentParser
import Diagnostics
import Foundation
import Git
import Kbuild
import Kernels
import Processes
import Reports
import SeriesAssembly
import Support
public import Verification

struct VerifyCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Verifies that every commit of a series applies and compiles.",
    discussion: """
      SOURCE is a folder of patches, a Maildir, an mbox, a diff, a quilt queue, - for
      standard input, or a range A..B of the repository; files may be gzipped. Of a
      mailing list's thread, it is the newest version of the series. The repository is
      only read: the tree after each patch is made in memory, and everything else in
      Seriesmith's cache.

        seriesmith verify v7.1..HEAD --tree ~/linux --lane x86_64

      Without SOURCE, it is the branch you are on, in the kernel tree you are in:
      from b4's cover letter, else from its upstream, else from the nearer of the
      last release tag and the default branch of origin.

      Prints a table of commits and checks, the findings, and the verdict. Each depth
      includes those above it:
        apply      each patch, as it is on disk, applies to the tree before it as
                   git applies it: without fuzz, and at an offset with a warning,
                   which --exact refuses
        structure  no ops table loses its callback, and no call reaches a table
                   that does not set it
        compile    what a commit affects compiles in every lane that builds it,
                   with no new warning, and links: symbols, namespaces, GPL-only
                   exports; devicetrees that include a changed file are built;
                   a changed file that no check looks at makes the verdict
                   incomplete
        full       kernel-doc reports nothing new in the changed files, sparse
                   nothing new in the affected units, and checkpatch --strict no
                   error in any patch; the scripts are the base's own

      A file accepts findings of structure, style, kernel-doc or sparse that are
      intended, each with a reason, which the report repeats:
        accepted:
          - check: style
            file: include/linux/iommu.h
            message: "line length of 103 exceeds 100 columns"
            why: The table reads better so.
      and files that no check looks at:
        unchecked:
          - file: tools/perf/builtin-list.c
            why: Built with make -C tools/perf.

      A lane is an architecture with a configuration and a compiler:
      \(LaneFile.help)
      A killed run continues where it stopped, and nothing is compiled twice.
      """)

  @Argument(
    help: ArgumentHelp(
      "A folder of patches, an mbox, a diff, -, or a range A..B. (default: the branch you are on)",
      valueName: "source"),
    completion: .file())
  var source: String?

  @OptionGroup var options: TreeOptions

  @Flag(
    help: ArgumentHelp(
      "Add what is not committed yet as the last state.",
      discussion: "It takes the tracked files of the work tree and those that 'git add' has made known."))
  var worktree = false

  @OptionGroup var laneOptions: LaneOptions

  @Option(help: "The depth to verify to.")
  var depth = Depth.compile

  @Option(
    name: .customLong("accepted"),
    help: ArgumentHelp(
      "The findings to accept, each with a reason. (default: SOURCE/accepted.yaml, if there is one)",
      valueName: "file"), completion: .yaml)
  var acceptedFile: String?

  @Flag(
    help: ArgumentHelp(
      "Compile every unit that includes a changed header, even if it uses nothing that changed.",
      discussion: "The verdict is the same; it only takes longer, hours if half the kernel includes the header."))
  var exhaustive = false

  @Flag(help: "Refuse a hunk that does not apply at the line it states.")
  var exact = false

  @Flag(
    help: ArgumentHelp(
      "Skip a patch that does not apply, and check those after it.",
      discussion: "One run then shows all that is wrong. Patches that need a skipped one are skipped as well."))
  var keepGoing = false

  @Option(help: ArgumentHelp("The number of compilers to run at once.", valueName: "n"))
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  @Option(
    help: ArgumentHelp(
      "The command to run compilers through: ccache, distcc, icecc.",
      discussion: "The verdict is the same: units that it does not compile silently are compiled again locally.",
      valueName: "command"))
  var launcher: String?

  @OptionGroup var sandbox: SandboxOption

  @Option(
    help: ArgumentHelp(
      "Do part i of n of the work; --json writes the result for --merge.", valueName: "i/n"))
  var shard: Shard?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Instead of verifying SOURCE, join the results of all shards of a series in one report.", valueName: "file"))
  var merge: [String] = []

  @Flag(help: "Print where the time went: each step, and the slowest units.")
  var timings = false

  @Flag(
    help: ArgumentHelp(
      "Verify again whenever the source changes, and show what became better or worse.",
      discussion: "Ctrl-C ends it. Reports in files are written anew each time."))
  var watch = false

  @OptionGroup(title: "Reports") var reports: ReportOptions

  @OptionGroup(title: "Reports") var annotations: AnnotationOptions

  func validate() throws {
    if jobs < 1 { throw ValidationError("--jobs must be at least 1") }
    if source != nil, !merge.isEmpty { throw ValidationError("--merge joins results in place of a '<source>'") }
    if source == nil, merge.isEmpty {
      if options.own == nil {
        throw ValidationError(
          "Missing expected argument '<source>': no kernel tree is here whose branch it could be: name one with --tree")
      }
      if options.base != TreeOptions.standardBase {
        throw ValidationError("--base is what patches apply to; for commits, name the range: \(options.base)..HEAD")
      }
    }
    if let source, source.contains(".."), !source.contains("../"), options.own == nil, !Files.exists(source) {
      throw ValidationError("No kernel tree is here that '\(source)' could be a range of: name one with --tree")
    }
    if worktree, !merge.isEmpty { throw ValidationError("--worktree has no meaning with --merge") }
    if watch, !merge.isEmpty || shard != nil { throw ValidationError("--watch verifies a whole series") }
    if watch, source == "-" || reports.areOnStandardOutput || annotations.form != nil {
      throw ValidationError("--watch reads and writes files, not standard input and output, and no annotations")
    }
    if shard != nil, reports.json == nil { throw ValidationError("--shard needs --json, which --merge reads") }
    if annotations.form == .github, reports.areOnStandardOutput {
      throw ValidationError("--annotations github needs standard output: write the other reports to files")
    }
  }

  func perform() async throws {
    let command = self
    if watch { return try await withSignalsCancelling { () async throws(Failure) in try await command.watchSource() } }
    let times = StepTimes()
    let outcome = try await withSignalsCancelling { () async throws(Failure) in try await command.outcome(times) }
    let report = outcome.report
    if report.verdict == .incomplete { Console.standard.adviseOnCache(report.text(Printer(color: false))) }
    if timings { Console.standard.print(text: Self.timings(times, report)) }
    try annotations.write(report)
    try reports.write(forms(of: outcome))
  }

  func forms(of outcome: Outcome) -> ReportOptions.Forms {
    let report = outcome.report
    return .init(
      json: { () throws(Failure) in if let shard = outcome.shard { try shard.json() } else { try report.json() } },
      html: { writer throws(Failure) in
        try writer.html(report, diffs: outcome.diffs, file: { outcome.files[$0] })
      },
      junit: { writer throws(Failure) in try writer.junit(report) },
      text: annotations.guarding(report.text), status: report.exitStatus, hasText: !annotations.areOnStandardOutput)
  }

  /// Steps run side by side, so that their sum may exceed the time of the run.
  private static func timings(_ times: StepTimes, _ report: VerifyReport) -> String {
    let slowest = (report.work?.slowest ?? []).map {
      StepTimes.line("\($0.source) in \($0.lane), patch \($0.patch)", $0.seconds)
    }
    return "Where the time went:\n" + times.text + (slowest.isEmpty ? "" : "The slowest units:\n" + slowest.joined())
  }

  struct Outcome: Sendable {
    var report: VerifyReport
    /// The shard that the report is about; nil for the whole series.
    var shard: VerifyShard?
    /// The diff of each commit, if a report is to show it.
    var diffs: [String] = []
    /// The files in which the first bad commit has findings, as it leaves them, if a report is to show them.
    var files: [String: [UInt8]] = [:]
  }

  nonisolated(nonsending) func outcome(_ times: StepTimes) async throws(Failure) -> Outcome {
    guard merge.isEmpty else {
      let files = try merge.map { (path) throws(Failure) in try Self.shardFile(path) }
      return Outcome(report: try await VerifyShard.merged(files, cache: Cache.user.root))
    }
    let progress = times.noting(Console.standard.progress)
    let lanes = try laneOptions.lanes(at: depth)
    let accepted = try AcceptedFindings.read(acceptedFile, beside: source)
    let launcher = try launcher.map { (line) throws(Failure) in try Launcher(line) }
    let (repository, base) = try await options.open(progress)
    let source = try await chosenSource(in: repository, progress)
    let verifier = Verifier(
      repository: repository, cache: Cache.user.root, lanes: lanes, depth: depth, exact: exact,
      keepsGoing: keepGoing, accepted: accepted, exhaustive: exhaustive, jobs: jobs, launcher: launcher,
      sandboxing: sandbox.use,
      progress: progress)
    if let shard {
      let part = try await verifier.verify(shard, of: source, base: base.id.hex)
      return Outcome(report: part.report, shard: part)
    }
    let report = try await verifier.verify(source, base: base.id.hex)
    guard reports.html != nil else { return Outcome(report: report) }
    return Outcome(
      report: report,
      diffs: try await SeriesSource.read(source, in: repository, exact: exact).source.diffs(in: repository),
      files: Self.files(of: report, in: repository))
  }

  /// Findings may also name what is no file of the tree: a patch, a header of the compiler.
  private static func files(of report: VerifyReport, in repository: Repository) -> [String: [UInt8]] {
    let bad = report.commits.first { $0.index == report.firstBad?.index }
    guard let bad, let tree = bad.tree.flatMap(ObjectID.init(hex:)) else { return [:] }
    let paths = Set(bad.checks.flatMap(\.findings).compactMap(\.file))
    var files: [String: [UInt8]] = [:]
    for path in paths { files[path] = try? repository.contents(of: path, in: tree) }
    return files
  }

  /// The SOURCE, or else the range of the current branch; with the work tree, if that is asked for.
  nonisolated(nonsending) func chosenSource(
    in repository: Repository, _ progress: Progress
  ) async throws(Failure) -> String {
    let uncommitted = worktree ? try await WorkTreeCommit(of: repository) : nil
    if let uncommitted { progress.report(.note(uncommitted.description)) }
    if let source {
      guard let uncommitted else { return source }
      return try uncommitted.added(to: source, in: repository)
    }
    let range = try await BranchRange.find(in: repository)
    try await range.check(in: repository, mayBeEmpty: uncommitted?.id != nil)
    progress.report(.note(range.description))
    return uncommitted?.id.map { "\(range.base)..\($0.hex)" } ?? range.source
  }

  private static func shardFile(_ path: String) throws(Failure) -> (name: String, bytes: Data) {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw Failure(
        .input, at: Place(path), Files.exists(path) ? "cannot be read" : "is not there: has that shard finished?",
        notes: ["seriesmith verify … --shard i/n --json FILE writes it"])
    }
    return (path, bytes)
  }
}

extension Shard: ExpressibleByArgument {
  /// Parses `i/n`.
  public init?(argument: String) { self.init(argument) }
}

extension Depth: ExpressibleByArgument {}
