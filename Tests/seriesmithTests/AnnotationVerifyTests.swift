import Foundation
import Testing

/// `verify --annotations`, on the fake kernel.
@Suite struct AnnotationVerifyTests {
  private struct Entry: Decodable {
    struct Location: Decodable {
      struct Lines: Decodable {
        var begin: Int
      }
      var path: String
      var lines: Lines
    }
    var severity: String
    var location: Location
  }

  private func run(_ series: FakeSeries, _ arguments: [String]) async throws -> Command.Result {
    try await Command.seriesmith(arguments, in: series.folder, environment: series.environment)
  }

  private func commands(_ run: Command.Result) -> [String] {
    let (commands, areTaken) = GitHubCommands.taken(from: run.output)
    #expect(areTaken, "\(run.output)")
    return commands
  }

  private func entries(_ path: String) throws -> [Entry] {
    try JSONDecoder().decode([Entry].self, from: #require(FileManager.default.contents(atPath: path)))
  }

  private static let broken = """
    int twice(void) { return missing; }
    """

  @Test func mergedShardsAreAnnotatedAsTheWholeIs() async throws {
    let series = try FakeSeries()
    try ShardTests.lanes.write(toFile: series.folder + "/lanes.yaml", atomically: true, encoding: .utf8)
    try series.commit("twice: break, for a while", ["drivers/twice.c": "int twice(void) { return missing; }\n"])
    try series.commit("twice: mend", ["drivers/twice.c": "int twice(void) { return 5; }\n"])
    try series.commit("none: nobody builds it", ["drivers/none.c": "int none;\n"])

    let whole = try await run(series, series.arguments + ["--annotations", "github"])
    #expect(whole.status == 1, "\(whole.error)")
    #expect(
      commands(whole) == [
        "::error file=drivers/twice.c,line=1,col=26,title=4/6 twice%3A break%2C for a while%3A compile%2C modules%2C "
          + "built-in::use of undeclared identifier 'missing'%0A"
          + "patch 5 fixes drivers/twice.c: that hunk belongs in patch 4",
        "::warning file=drivers/none.c,title=6/6 none%3A nobody builds it%3A compile::no lane compiles this changed file"
          + "%0Aneeds a makefile that names it",
      ], "\(whole.output)")
    // The table follows, and the verdict is the last line that is no command.
    #expect(whole.output.contains("\n✓ ✓ ✗ ✗ · "), "\(whole.output)")

    for index in 1...3 {
      let shard = try await run(series, series.arguments + ["--shard", "\(index)/3", "--json", "\(index).json"])
      #expect([0, 1].contains(shard.status), "\(shard.error)")
    }
    let files = ["1.json", "2.json", "3.json"]
    let merged = try await run(series, ["verify", "--annotations", "github", "--merge"] + files)
    #expect(commands(merged) == commands(whole), "\(merged.output)")

    let report = series.folder + "/gl-code-quality-report.json"
    let gitlab = try await run(series, ["verify", "--annotations", "gitlab", "--merge"] + files)
    #expect(gitlab.status == 1 && commands(gitlab).isEmpty)
    #expect(try entries(report).map(\.location.path) == ["drivers/twice.c", "drivers/none.c"])
    #expect(try entries(report).map(\.severity) == ["critical", "minor"])
    let elsewhere = try await run(series, ["verify", "--annotations", "gitlab:other.json", "--merge"] + files)
    #expect(elsewhere.status == 1)
    let (one, other) = (try Data(contentsOf: URL(fileURLWithPath: report)), series.folder + "/other.json")
    #expect(FileManager.default.contents(atPath: other) == one)
  }

  /// Mails, an accepted.yaml and what Kbuild generates are no files of the tree.
  @Test func whatIsNotAboutAFileOfTheTreeHasNoPlace() async throws {
    let series = try FakeSeries()
    try series.git("format-patch", "--quiet", "--output-directory", series.folder + "/out", "base")
    let patch = "0003-twice-thrice.patch"
    let path = "\(series.folder)/out/\(patch)"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacing("return 2", with: "return 7").write(toFile: path, atomically: true, encoding: .utf8)
    try """
    accepted:
      - {check: structure, file: drivers/main.c, message: none, why: it is not there}
    """.write(toFile: series.folder + "/out/accepted.yaml", atomically: true, encoding: .utf8)

    let arguments = ["verify", "out", "--base", "base"] + series.arguments.dropFirst(2) + ["--depth", "structure"]
    let github = try await run(series, arguments + ["--annotations", "github"])
    #expect(github.status == 1, "\(github.error)")
    let lines = commands(github)
    #expect(
      lines.count == 1 && lines.allSatisfy { $0.hasPrefix("::error title=3/3 twice%3A thrice%3A apply::\(patch):") },
      "\(lines)")
    let gitlab = try await run(series, arguments + ["--annotations", "gitlab:report.json"])
    #expect(try entries(series.folder + "/report.json").isEmpty)
    #expect(gitlab.error.contains("1 finding is not about a file of the tree"), "\(gitlab.error)")

    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let accepted = commands(try await run(series, arguments + ["--annotations", "github"]))
    #expect(accepted.count == 1 && accepted[0].hasPrefix("::warning title="), "\(accepted)")
    #expect(accepted[0].contains("::out/accepted.yaml:2"), "\(accepted)")
  }

  @Test func theFormsAreToldApart() async throws {
    let series = try FakeSeries()
    for (arguments, message) in [
      (["--annotations", "bitbucket"], "'bitbucket' is invalid"),
      (["--annotations", "github:file"], "'github:file' is invalid"),
      (["--annotations", "gitlab:"], "'gitlab:' is invalid"),
      (["--annotations", "github", "--json", "-"], "--annotations github needs standard output"),
    ] {
      let run = try await run(series, series.arguments + arguments)
      #expect(run.status == 64 && run.error.contains(message), "\(run.error)")
    }
  }
}
