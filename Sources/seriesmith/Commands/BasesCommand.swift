import ArgumentParser
import Descriptions
import Diagnostics
import Foundation
import Generation
import Git
import Kbuild
import Kernels
import Processes
import SeriesAssembly
import Verification

struct BasesCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "bases",
    abstract: "Generates and verifies a series on each of its kernels, and prints a table of verdicts.",
    discussion: """
      The kernels are the series' 'bases', or those that --release names. A release
      that Debian has is fetched once.

        seriesmith bases iova_to_phys_length --release 7.2

      Writes the patches to --output, one folder per kernel, problems to standard
      error, and to standard output a Markdown table:

        tables     of the structs that the series migrates, as found in the tree
        described  tables that a description covers
        exempt     tables that need no description; series.yaml says why
        calls      direct calls of the old op
        patches    patches generated
        lanes      lanes that compile what the patches affect, and the units compiled
        verdict    of `seriesmith verify`, or the number of drifts and of uncovered
                   tables and calls that stopped the generation
      """)

  @OptionGroup var series: ChosenSeries

  @Option(
    name: .customLong("release"), parsing: .singleValue,
    help: ArgumentHelp("A kernel release; may be repeated. (default: the series' bases)", valueName: "version"))
  var releases: [String] = []

  @OptionGroup var laneOptions: LaneOptions

  @Option(help: "The depth to verify to.")
  var depth = Depth.compile

  @Option(help: ArgumentHelp("The number of compilers to run at once.", valueName: "n"))
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder to write the patches to.", valueName: "dir"),
    completion: .directory)
  var output = "output/bases"

  func validate() throws {
    if jobs < 1 { throw ValidationError("--jobs must be at least 1") }
  }

  func perform() async throws {
    let command = self
    let rows = try await withSignalsCancelling { () async throws(Failure) in try await command.rows() }
    print(BaseRow.table(rows), terminator: "")
    if rows.contains(where: { $0.report?.verdict != .stands }) { throw ExitCode(ExitStatus.falls.rawValue) }
  }

  private nonisolated(nonsending) func rows() async throws(Failure) -> [BaseRow] {
    let generator = try series.generator()
    let lanes = try laneOptions.lanes(at: depth)
    let bases = releases.isEmpty ? generator.series.bases : releases
    guard !bases.isEmpty else {
      throw Failure(
        .usage, "the series '\(generator.series.name)' lists no bases",
        notes: ["name a kernel with --release, or list some under 'bases' in \(generator.series.folder)/series.yaml"])
    }
    var rows: [BaseRow] = []
    for release in bases { rows.append(try await row(release, generator, lanes)) }
    return rows
  }

  private nonisolated(nonsending) func row(
    _ release: String, _ generator: Generator, _ lanes: [Lane]
  ) async throws(Failure) -> BaseRow {
    let progress = Console.standard.progress
    let source = release == KernelStore.embedded ? KernelSource.embedded : .release(release)
    let kernel = try await KernelStore(cache: .user, progress: progress).kernel(source)
    if let fallback = kernel.fallback { progress.report(.note(fallback)) }
    let repository = try Repository(opening: kernel.repository)
    let base = try repository.resolve("HEAD")
    let tree = try await GitTree(
      base.tree, of: repository, naming: generator.series.inventoryWords, cache: .user, progress: progress)
    // "7.3.4+debian" if it includes Debian's patches.
    let name = ((kernel.repository as NSString).lastPathComponent as NSString).deletingPathExtension
    progress.report(.note("Linux \(name)"))
    let generated = try await generator.generate(on: tree, cache: .user, progress: progress)
    var row = BaseRow(kernel: name, coverage: generated.coverage, obstacles: generated.findings.count)
    guard generated.findings.isEmpty else {
      Console.standard.print(generated.findings)
      return row
    }
    let folder = "\(output)/\(generator.series.name)-\(name)"
    let assembled = try await AssembledSeries(generated, on: base, in: repository)
    try await PatchFolder(path: folder).replace(with: assembled.texts)
    row.patches = assembled.patches.count
    let verifier = Verifier(
      repository: repository, cache: Cache.user.root, lanes: lanes, depth: depth,
      accepted: try AcceptedFindings.read(nil, beside: folder), jobs: jobs, progress: progress)
    let report = try await verifier.verify(folder, base: base.id.hex)
    if report.verdict != .stands { Console.standard.print(report) }
    row.report = report
    return row
  }
}

/// A row of the table: a series on one kernel.
private struct BaseRow {
  var kernel: String
  var coverage: Coverage
  /// The number of drifts, and of uncovered tables and calls, that stopped the generation.
  var obstacles: Int
  var patches = 0
  var report: VerifyReport?

  private var cells: [String] {
    func count(_ status: Coverage.Status) -> String { "\(coverage.tables.count { $0.status == status })" }
    let compiled = report?.commits.flatMap(\.checks).filter { $0.name == .compile && $0.units > 0 } ?? []
    let lanes = Set(compiled.compactMap(\.lane)).count
    let units = compiled.map(\.units).reduce(0, +)
    return [
      kernel, "\(coverage.tables.count)", count(.described), count(.exempt), "\(coverage.users.count)", "\(patches)",
      lanes == 0 ? "–" : "\(lanes) (\(units.counted("unit")))", verdict,
    ]
  }

  private var verdict: String {
    if obstacles > 0 { return "\(obstacles.counted("obstacle"))" }
    guard let report else { return "–" }
    return report.firstBad.map { "falls at patch \($0.index)" } ?? report.verdict.rawValue
  }

  /// A Markdown table of the rows, its columns aligned.
  static func table(_ rows: [BaseRow]) -> String {
    let head = ["Linux", "Tables", "Described", "Exempt", "Calls", "Patches", "Lanes", "Verdict"]
    let all = [head] + rows.map(\.cells)
    let widths = head.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      let padded = zip(cells, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
      return "| " + padded.joined(separator: " | ") + " |\n"
    }
    let rule = "|" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "|") + "|\n"
    return line(head) + rule + rows.map { line($0.cells) }.joined()
  }
}
