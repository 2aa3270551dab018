import Foundation
import Testing

extension OnTheEmbeddedKernel {
  /// A folder, an mbox and a range of commits give the same series.
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
        let repository = try await EmbeddedKernel.applied(try await GeneratedSeries.patches(), in: folder)
        let log = try await Command.git(["log", "--reverse", "--format=%T", "base..HEAD"], in: repository)
        #expect(log.output.split(separator: "\n").map { String($0) } == trees)
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
  }
}
