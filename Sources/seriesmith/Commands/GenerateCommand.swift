public import ArgumentParser
import Descriptions
import Diagnostics
import Foundation
public import Generation
import Git
import PatchSeries
import Processes

struct Generate: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Generates a series' patches on a kernel tree.",
    discussion: """
      Writes one file a patch and the cover letter, if the series has one, as
      `git format-patch` would. Everything is made from git objects: the
      repository, its index and its work tree are not touched, unless --branch asks
      for a branch. The same descriptions, templates and base give the same bytes.

      Nothing is written when a function is not as its description expects it
      (drift), or when the tree has an ops table or a direct user that no
      description covers.

      An --option varies a series. There are:
      \(HelpText.read { SeriesFolders.optionsHelp })
      """)

  @OptionGroup var series: ChosenSeries
  @OptionGroup var options: TreeOptions

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder to write the patches to.", valueName: "dir"),
    completion: .directory)
  var output: String

  @Option(help: "How the series is split: as it is described, or into a patch for each driver.")
  var split = Split.described

  @Option(help: ArgumentHelp("The version of the series, for the subjects.", valueName: "n"))
  var reroll = 1

  @Flag(help: "Sign the patches off as git's own identity (user.name, user.email), who is their author then.")
  var signoff = false

  @Option(
    help: ArgumentHelp(
      "Also make a new branch of the commits in the repository, as `b4 prep` would have it.", valueName: "name"))
  var branch: String?

  func validate() throws {
    if reroll < 1 { throw ValidationError("--reroll starts at 1") }
  }

  func perform() async throws {
    let command = self
    let (names, tree) = try await withSignalsCancelling { () async throws(Failure) in try await command.generated() }
    for name in names { print("\(output)/\(name)") }
    print("tree \(tree)")
  }

  /// Generates the series and writes it.
  ///
  /// - Returns: the names of its files, and the id of the tree after it.
  private nonisolated(nonsending) func generated() async throws(Failure) -> (names: [String], tree: String) {
    let progress = Console.standard.progress
    // What is wrong with the plan is said before a kernel is fetched for it.
    let generator = try series.generator(split: split)
    let description = generator.series
    let (repository, base) = try await options.open(progress)
    let user = signoff || branch != nil ? try await Identity.current(in: repository) : nil
    if let branch { try repository.checkNewBranch(branch) }
    let tree = try await GitTree(
      base.tree, of: repository, naming: description.inventoryWords, progress: progress)
    let summary = { (assembled: AssembledSeries) in
      "\(assembled.patches.count.counted("patch", "patches")), \(assembled.files.count.counted("file", "files")), "
        + "tree \(assembled.tree.abbreviated())"
    }
    let assembled = try await progress.step("Generating \(description.name)", outcome: summary) {
      () async throws(Failure) in
      let generated = try generator.generate(on: tree)
      Console.standard.print(generated.notes)
      guard generated.findings.isEmpty else { throw Failure(.falls, generated.findings) }
      return try await AssembledSeries(
        generated, on: base, in: repository, reroll: reroll, signer: signoff ? user : nil)
    }
    Console.standard.print(assembled.notes)
    try throwIfCancelled()
    try await PatchFolder(path: output).replace(with: assembled.texts)
    if let branch, let user {
      let commits = BranchCommits(series: assembled, name: description.name, prefix: description.prefix)
      try repository.makeBranch(branch, at: try commits.write(on: base, in: repository, as: user))
    }
    return (assembled.texts.map(\.name), assembled.tree.hex)
  }
}

extension Split: ExpressibleByArgument {}
