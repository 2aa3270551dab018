public import ArgumentParser
import Descriptions
import Diagnostics
import Foundation
public import Generation
import Git
import Processes
import SeriesAssembly

struct GenerateCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Generates a series' patches on a kernel tree.",
    discussion: """
      Writes one file per patch, and the cover letter if the series has one, as
      `git format-patch` would, and prints their names and the id of the resulting
      tree. Works on git objects: the repository, its index and its work tree stay
      untouched, unless --branch asks for a branch. The same descriptions, templates
      and base give the same bytes.

        seriesmith generate iova_to_phys_length --tree ~/linux -o out

      Nothing is written if a function differs from what its description expects
      (drift), or if the tree has an ops table or a direct call that no description
      covers.

      --option varies a series. The options are:
      \(SeriesFolders.optionsHelp)
      """)

  @OptionGroup var series: ChosenSeries
  @OptionGroup var options: TreeOptions

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder to write the patches to.", valueName: "dir"),
    completion: .directory)
  var output: String

  @Option(help: "How to split the series: as described, or into one patch per driver.")
  var split = Split.described

  @Option(help: ArgumentHelp("The version of the series, as in [PATCH v2].", valueName: "n"))
  var reroll = 1

  @Flag(help: "Sign the patches off as your git identity (user.name, user.email), which becomes their author.")
  var signoff = false

  @Option(
    help: ArgumentHelp(
      "Also create a branch of the commits in the repository, in the form that `b4 prep` expects.", valueName: "name"))
  var branch: String?

  func validate() throws {
    if reroll < 1 { throw ValidationError("--reroll must be at least 1") }
  }

  func perform() async throws {
    let command = self
    let (names, tree) = try await withSignalsCancelling { () async throws(Failure) in try await command.generated() }
    for name in names { print("\(output)/\(name)") }
    print("tree \(tree)")
  }

  /// The notes on what the tree has no use for, as one where they would fill a screen.
  private static func condensed(_ notes: [Finding]) -> [Finding] {
    guard notes.count > 2 else { return notes }
    let names = notes.compactMap { $0.place.map { ($0.file as NSString).lastPathComponent } }
    return [
      Finding(
        .note, "\(notes.count) optional descriptions and patches are left out, since the tree has no use for them",
        notes: [Set(names).sorted().joined(separator: ", ")])
    ]
  }

  /// Generates the series and writes it.
  ///
  /// - Returns: the names of its files, and the id of the tree after the last patch.
  private nonisolated(nonsending) func generated() async throws(Failure) -> (names: [String], tree: String) {
    let progress = Console.standard.progress
    // Load the series first: its errors must not wait for a kernel to be fetched.
    let generator = try series.generator(split: split)
    let description = generator.series
    let (repository, base) = try await options.open(progress)
    let user = signoff || branch != nil ? try await Identity.current(in: repository) : nil
    if let branch { try repository.checkNewBranch(branch) }
    let tree = try await GitTree(
      base.tree, of: repository, naming: description.inventoryWords, cache: .user, progress: progress)
    let summary = { (assembled: AssembledSeries) in
      "\(assembled.patches.count.counted("patch", "patches")), \(assembled.files.count.counted("file")), "
        + "tree \(assembled.tree.abbreviated())"
    }
    let assembled = try await progress.step("Generating \(description.name)", outcome: summary) {
      () async throws(Failure) in
      let generated = try await generator.generate(on: tree, cache: .user, progress: progress)
      Console.standard.print(Self.condensed(generated.notes))
      guard generated.findings.isEmpty else { throw Failure(.falls, generated.findings) }
      return try await AssembledSeries(
        generated, on: base, in: repository, reroll: reroll, signer: signoff ? user : nil)
    }
    Console.standard.print(assembled.notes)
    try throwIfCancelled()
    try await PatchFolder(path: output).replace(with: assembled.texts)
    if let branch, let user {
      let commits = BranchCommits(assembled, name: description.name, prefix: description.prefix)
      try repository.makeBranch(branch, at: try commits.write(on: base, in: repository, as: user))
    }
    return (assembled.texts.map(\.name), assembled.tree.hex)
  }
}

extension Split: ExpressibleByArgument {}
