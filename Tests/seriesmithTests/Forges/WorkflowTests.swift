import Foundation
import GitBinary
import Testing

/// The workflows of `docs/ci`: their commands are run as the forges run them, for a request of three commits.
@Suite(.serialized) struct WorkflowTests {
  private static let folder = Command.package + "/docs/ci"

  @Test(arguments: [("github.yml", "vendor.github-workflows"), ("gitlab.yml", "vendor.gitlab-ci")])
  func theForgesTakeTheFiles(file: String, schema: String) async throws {
    // It has the schemas of both.
    let checker = try await PyPI.program("check-jsonschema", version: "0.39.0")
    let run = try await Command.tool(checker, ["--builtin-schema", schema, file], in: Self.folder)
    #expect(run.status == 0, "\(run.output)\(run.error)")
  }

  /// A request falls, is mended, and is run once more.
  private func request(_ run: (ForgeRequest) async throws -> ForgeRequest.Outcome) async throws {
    let request = try ForgeRequest()
    let fine = ["drivers/off.c": "int off(void) { return 1; }\n", "drivers/twice.c": "int twice(void) { return 4; }\n"]
    try request.commit("twice: break, off", ["drivers/twice.c": "int twice(void) { return \"50%, or: so\"; }\n"])
    let falls = try await run(request)
    #expect(falls.verdict.status == 1, "\(falls.verdict.output)")
    #expect(falls.shards.count == 3 && falls.shards.contains { $0.status == 1 }, "\(falls.shards.map(\.output))")
    #expect(falls.verdict.output.contains("\nfalls at patch 4/4 (twice: break, off): compile, "))
    #expect(falls.annotations.count == 1, "\(falls.annotations)")

    try request.git("reset", "--quiet", "--hard", "HEAD~1")
    try request.commit("off: on", fine)
    let stands = try await run(request)
    #expect(stands.verdict.status == 0, "\(stands.verdict.output)")
    #expect(stands.shards.allSatisfy { $0.status == 0 }, "\(stands.shards.map(\.output))")
    #expect(stands.verdict.output.contains("\nstands: 4 commits, 3 lanes, "))
    #expect(stands.annotations.isEmpty)
    // Only the units of the patch that changed.
    #expect(stands.shards.map(\.compilations) == ["2", "2", "2"], "\(stands.shards.map(\.output))")

    let again = try await run(request)
    #expect(again.verdict.status == 0 && again.shards.map(\.compilations) == ["0", "0", "0"])
  }

  @Test func githubsWorkflow() async throws {
    let forge = try GitHub(file: Self.folder + "/github.yml")
    try await request { request in
      let outcome = try await forge.run(request)
      for annotation in outcome.annotations {
        let start = "::error file=drivers/twice.c,line=1,col="
        #expect(annotation.hasPrefix(start) && annotation.contains(",title=4/4 twice%3A break%2C off%3A compile%2C "))
      }
      return outcome
    }
  }

  @Test func gitlabsPipeline() async throws {
    let forge = try GitLab(file: Self.folder + "/gitlab.yml")
    try await request { try await forge.run($0) }
  }
}

extension Command.Result {
  /// How often a compiler ran, as the report says it.
  fileprivate var compilations: Substring? { output.firstMatch(of: #/(\d+) compilations? for /#)?.1 }
}
