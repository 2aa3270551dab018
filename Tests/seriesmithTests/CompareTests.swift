import Foundation
import GitBinary
import Testing

/// Two versions of a small series. None of this needs a kernel.
@Suite struct CompareTests {
  private let small: SmallMigration

  init() async throws {
    small = try SmallMigration()
    #expect(try await small.generate(into: "v1").status == 0)
    try FileManager.default.copyItem(atPath: small.folder + "/series", toPath: small.folder + "/series-v1")
  }

  private func compare(_ arguments: [String]) async throws -> String {
    let run = try await small.run(["compare", "v1", "v2", "--tree", small.kernel.path] + arguments)
    #expect(run.status == 0, "\(run.error)")
    return run.output
  }

  /// The lines that say how patches correspond, without the commits' ids.
  private func pairs(_ text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      line.wholeMatch(of: #/ *(\d+|-): +\S+ ([=!<>]) +(\d+|-): +\S+ (.*)/#).map { "\($0.1) \($0.2) \($0.3) \($0.4)" }
    }
  }

  @Test func tellsWhatTheDescriptionsChanged() async throws {
    try small.edit("series/kinds/walker.yaml", "*length = 1;", "*length = x;")
    try small.edit("series/series.yaml", "Nobody calls it.", "Nobody has called it since.")
    #expect(try await small.generate(["--reroll", "2"], into: "v2").status == 0)
    let text = try await compare(["--base", "base"])
    #expect(text.hasPrefix("What changed:\n\n1:  "))
    #expect(
      pairs(text) == [
        "1 = 1 ops: add fetch", "2 = 2 twice: use fetch", "3 ! 3 drivers: implement fetch", "4 ! 4 ops: remove get",
      ])
    #expect(text.contains("-+\t\t*length = 1;\n") && text.contains("++\t\t*length = x;\n"), "\(text)")
    #expect(
      text.hasSuffix(
        """

        Changes since the last version:
         - patch 3, 'drivers: implement fetch': changed
         - patch 4, 'ops: remove get': changed

        """), "\(text)")
  }

  @Test func namesPatchesThatCameAndWent() async throws {
    #expect(try await small.generate(["--split", "per-driver"], into: "v2").status == 0)
    let text = try await compare(["--base", "base"])
    let back = try await small.run(["compare", "v2", "v1", "--tree", small.kernel.path, "--base", "base"])
    #expect(text.contains(" - patch 3, 'main: implement fetch': new\n"), "\(text)")
    #expect(back.output.contains(" - 'main: implement fetch' (patch 3 before): dropped\n"), "\(back.output)")
  }

  @Test func tellsWhatANewBaseChanged() async throws {
    let driver = try String(contentsOfFile: small.kernel.path + "/drivers/main.c", encoding: .utf8)
    try small.kernel.write(driver.replacing("\nstatic int", with: "\nint above;\nstatic int"), to: "drivers/main.c")
    try small.kernel.commit("main: add above")
    try small.edit("series/series.yaml", "Nobody calls it.", "Nobody has called it since.")
    #expect(try await small.generate(["--reroll", "2"], into: "v2").status == 0)
    let text = try await compare(["--old-base", "base", "--old-series", "series-v1/series.yaml"])
    let parts = text.components(separatedBy: "What the descriptions changed:\n")
    try #require(parts.count == 2 && parts[0].hasPrefix("What the base changed:\n"), "\(text)")
    #expect(
      pairs(parts[0]) == [
        "1 = 1 ops: add fetch", "2 = 2 twice: use fetch", "3 ! 3 drivers: implement fetch", "4 = 4 ops: remove get",
      ])
    #expect(
      pairs(parts[1]) == [
        "1 = 1 ops: add fetch", "2 = 2 twice: use fetch", "3 = 3 drivers: implement fetch", "4 ! 4 ops: remove get",
      ])
    #expect(parts[1].contains(" - patch 3, 'drivers: implement fetch': changed\n"), "\(text)")
  }

  @Test func namesThePatchThatDoesNotApply() async throws {
    try small.kernel.remove("drivers/twice.c")
    try small.kernel.commit("twice: remove")
    let run = try await small.run(["compare", "v1", "v1", "--tree", small.kernel.path])
    #expect(run.status == 1)
    #expect(run.error.contains("v1/0002-twice-use-fetch.patch:"), "\(run.error)")
  }

  @Test func leavesTheRepositoryAsItIs() async throws {
    let before = try Inventory(of: small.kernel.path)
    let run = try await small.run(["compare", "v1", "v1", "--tree", small.kernel.path])
    #expect(run.output.hasSuffix("Changes since the last version:\n - no patch changed\n"), "\(run.output)\(run.error)")
    #expect(try Inventory(of: small.kernel.path).differences(from: before) == [])
  }
}
