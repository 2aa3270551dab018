import Foundation
import Testing

extension OnTheEmbeddedKernel {
  /// The same series as a folder, as an mbox and as a range of commits is the same series.
  @Suite(.serialized) struct SourceForms {
    @Test func anMboxGivesTheTreesOfTheFolder() async throws {
      let trees = try await Self.trees.value
      try await withScratchFolder { folder in
        var mbox = Data()
        for path in try await GeneratedSeries.patches() {
          mbox += try #require(FileManager.default.contents(atPath: path))
        }
        try mbox.write(to: URL(fileURLWithPath: folder + "/series.mbox"))
        let run = try await VerifyRun.verify(folder + "/series.mbox", depth: "structure")
        #expect(run.report.verdict == "stands", "\(run.output)")
        #expect(run.report.commits.map(\.tree) == trees)
      }
    }

    /// The commits are those `git am` makes of the patches.
    @Test func aRangeOfCommitsGivesTheTreesOfTheFolder() async throws {
      let trees = try await Self.trees.value
      try await withScratchFolder { folder in
        let repository = try await applied(in: folder)
        let log = try await git(["log", "--reverse", "--format=%T", "base..HEAD"], in: repository)
        #expect(log.split(separator: "\n").map { String($0) } == trees)
        let run = try await VerifyRun.verify("base..HEAD", depth: "structure", tree: repository)
        #expect(run.report.verdict == "stands", "\(run.output)")
        #expect(run.report.commits.map(\.tree) == trees)
      }
    }

    /// The trees after each patch of the folder.
    private static let trees = Task { () -> [String?] in
      let run = try await VerifyRun.verify(try await GeneratedSeries.folder(), depth: "structure")
      #expect(run.report.verdict == "stands", "\(run.output)")
      let trees = run.report.commits.map(\.tree)
      #expect(trees.count == 9)
      #expect(trees.last == (try await GeneratedSeries.tree()))
      return trees
    }

    /// A repository that shares the kernel's objects, with a tag at the base and the series applied by git.
    ///
    /// Only the files that the series changes are checked out: all of the kernel would take a minute.
    private func applied(in folder: String) async throws -> String {
      let repository = folder + "/linux"
      let patches = try await GeneratedSeries.patches()
      _ = try await git(
        ["clone", "--quiet", "--shared", "--no-checkout", try await EmbeddedKernel.repository(), repository], in: folder
      )
      let changed = try await git(["apply", "--numstat"] + patches, in: folder).split(separator: "\n")
      let paths = Set(changed.compactMap { $0.split(separator: "\t").last.map { "/\($0)" } })
      _ = try await git(["sparse-checkout", "set", "--no-cone"] + paths.sorted(), in: repository)
      _ = try await git(["checkout", "--quiet", "--detach"], in: repository)
      _ = try await git(["tag", "base"], in: repository)
      _ = try await git(["-c", "gc.auto=0", "am", "--quiet"] + patches, in: repository)
      return repository
    }

    private func git(_ arguments: [String], in directory: String) async throws -> String {
      let result = try await Command.git(arguments, in: directory)
      try #require(result.status == 0, "git \(arguments.first ?? ""): \(result.error)")
      return result.output
    }
  }
}
