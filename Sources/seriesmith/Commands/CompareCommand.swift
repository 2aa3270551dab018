import ArgumentParser
import Descriptions
import Diagnostics
import Foundation
import Generation
import Git
import Kernels
import Processes
import SeriesAssembly
import Verification

struct CompareCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Shows what changed between two versions of a series.",
    discussion: """
      OLD and NEW are folders of patches, mboxes, or ranges A..B of the repository.
      Compares them patch by patch, as git range-diff does, and drafts a changelog in
      the form of `changes` in series.yaml. You fill in why something changed.

      If the base changed too, --old-base names the base of OLD. With --old-series,
      the series.yaml that OLD was generated from, `compare` separates what the base
      changed from what the descriptions changed: it generates the old series on the
      new base and compares the result with both.

        git worktree add ../v1 v1
        seriesmith compare v1-patches v2-patches --tree ~/linux --base v7.2-rc5 \\
          --old-base v7.2-rc4 --old-series ../v1/Templates/NAME/series.yaml
      """)

  @Argument(help: "The old version: a folder of patches, an mbox, or a range A..B.", completion: .file())
  var old: String

  @Argument(help: "The new version, in any of these forms.", completion: .file())
  var new: String

  @OptionGroup var options: TreeOptions

  @Option(
    help: ArgumentHelp(
      "The commit that OLD applies to. (default: that of --base, or HEAD of --old-tree)", valueName: "rev"))
  var oldBase: String?

  @Option(
    help: ArgumentHelp("The repository that has OLD's base. (default: that of --tree)", valueName: "repo"),
    completion: .directory)
  var oldTree: String?

  @Option(help: ArgumentHelp("The series.yaml that OLD was generated from.", valueName: "file"), completion: .yaml)
  var oldSeries: String?

  @Option(
    name: .customLong("option"), parsing: .singleValue,
    help: ArgumentHelp("An option that OLD was generated with; may be repeated.", valueName: "name"),
    completion: .seriesOptions)
  var seriesOptions: [String] = []

  @Option(help: "How the old series was split.")
  var split = Split.described

  func perform() async throws {
    let command = self
    let text = try await withSignalsCancelling { () async throws(Failure) in try await command.compare() }
    print(text, terminator: "")
  }

  private nonisolated(nonsending) func compare() async throws(Failure) -> String {
    let progress = Console.standard.progress
    let (repository, base) = try await options.open(progress)
    let now = RangeDiff.Version(
      try await SeriesSource.read(new, in: repository).source, on: base, in: repository.path)
    let before = try await before(repository, base)
    let scratch = try await Scratch.make(in: Cache.user.root)
    defer { withExtendedLifetime(scratch) {} }
    var stub = ChangelogStub(
      version: max(now.source.reroll, before.source.reroll + 1),
      whole: try await RangeDiff(before, now, scratch: scratch.path))
    if before.base.tree != base.tree { stub.base = try Self.name(of: base, in: repository) }
    var text = ""
    if let oldSeries {
      let folder = "\(scratch.path)/regenerated"
      let generator = try Generator(try SeriesFolders.load(oldSeries), options: seriesOptions, split: split)
      let tree = try await GitTree(
        base.tree, of: repository, naming: generator.series.inventoryWords, cache: .user, progress: progress)
      let generated = try await generator.generate(on: tree, cache: .user, progress: progress)
      guard generated.findings.isEmpty else { throw Failure(.falls, generated.findings) }
      let assembled = try await AssembledSeries(generated, on: base, in: repository, signer: stub.whole.oldSigner)
      try await PatchFolder(path: folder).replace(with: assembled.texts)
      let middle = RangeDiff.Version(
        try await SeriesSource.read(folder, in: repository).source, on: base, in: repository.path)
      let steps = (
        base: try await RangeDiff(before, middle, scratch: scratch.path),
        descriptions: try await RangeDiff(middle, now, scratch: scratch.path)
      )
      text += Self.section("What the base changed", steps.base)
      text += Self.section("What the descriptions changed", steps.descriptions)
      stub.steps = steps
    } else {
      text += Self.section("What changed", stub.whole)
    }
    let yaml = stub.yaml
    return text
      + (yaml.isEmpty
        ? "Nothing for the changelog.\n" : "For the changelog, in series.yaml or a driver's description:\n\n\(yaml)")
  }

  private nonisolated(nonsending) func before(
    _ repository: Repository, _ base: Commit
  ) async throws(Failure) -> RangeDiff.Version {
    let other = try oldTree.map { path throws(Failure) in try Repository(opening: path) } ?? repository
    let revision = oldBase ?? (oldTree == nil ? nil : "HEAD")
    return RangeDiff.Version(
      try await SeriesSource.read(old, in: other).source,
      on: try revision.map { revision throws(Failure) in try other.resolve(revision) } ?? base,
      in: other.path)
  }

  /// The base's name in messages: its release if nobody else has the commit.
  private static func name(of base: Commit, in repository: Repository) throws(Failure) -> String {
    if base.parents.isEmpty, let release = try AssembledSeries.release(of: base, in: repository) {
      return "Linux \(release)"
    }
    return "\(base.id.abbreviated()) (\"\(base.subject)\")"
  }

  private static func section(_ title: String, _ comparison: RangeDiff) -> String {
    "\(title):\n\n\(comparison.text)\n"
  }
}
