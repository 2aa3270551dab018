import Foundation
import Testing

extension OnTheEmbeddedKernel {
  /// Correct series by others get no findings.
  @Suite(.serialized) struct OtherSeries {
    private static let folder = Command.package + "/Tests/seriesmithTests/Series"

    /// Everyday changes: a new driver, a moved prototype, an export and its user, a deleted or renamed file.
    @Test func ordinaryCommitsStand() async throws {
      let patches = try FileManager.default.contentsOfDirectory(atPath: Self.folder + "/ordinary").sorted()
      try await withScratchFolder { folder in
        let repository = try await EmbeddedKernel.applied(
          patches.map { "\(Self.folder)/ordinary/\($0)" }, in: folder)
        let run = try await VerifyRun.verify("base..HEAD", lanes: ["x86_64"], depth: "full", tree: repository)
        #expect(run.report.verdict == "stands", "\(run.output)")
        #expect(run.report.commits.count == patches.count)
        #expect(run.report.commits.flatMap(\.checks).allSatisfy { $0.verdict == "pass" })
      }
    }

    /// Debian applies these to all its kernels, most at an offset. They have few faults: a variable that no header
    /// declares, and trailing whitespace.
    @Test func debiansPatchesFallForWhatIsWrongWithThem() async throws {
      let run = try await VerifyRun.verify(Self.folder + "/debian", lanes: ["x86_64"], depth: "full")
      #expect(run.report.commits.count == 20)
      let failed = run.report.commits.flatMap { commit in
        commit.checks.filter { $0.verdict == "fail" }.map { "\(commit.index) \($0.name)" }
      }
      #expect(failed == ["6 sparse", "19 style"], "\(run.output)")
      // Other lanes compile these.
      #expect(run.report.coverage.neverCompiled == ["arch/arm/mm/flush.c", "arch/arm64/kernel/acpi.c"])
    }
  }
}
