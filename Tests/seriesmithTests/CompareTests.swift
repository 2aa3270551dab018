import Foundation
import GitBinary
import Testing

/// Compares two versions of a small series. Needs no kernel.
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

  /// The range-diff lines that pair patches, without commit ids.
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

        For the changelog, in series.yaml or a driver's description:

        patches:
          - subject: 'drivers: implement fetch'
            changes:
              2: !blank |
                - drivers/main.c, drivers/sub/part.c: say what changed, and why
          - subject: 'ops: remove get'
            changes:
              2: |
                - Reword the message

        """), "\(text)")
  }

  /// The changelog goes into the series unchanged, once someone has filled in the blanks.
  @Test func writesWhatGenerateReads() async throws {
    try small.edit("series/kinds/walker.yaml", "*length = 1;", "*length = x;")
    #expect(try await small.generate(["--reroll", "2"], into: "v2").status == 0)
    let text = try await compare(["--base", "base"])
    let entry = try #require(text.firstRange(of: "  - subject: "))
    try small.edit(
      "series/series.yaml",
      "  - {id: drivers, subject: 'drivers: implement fetch', message: Drivers know the length.}\n",
      text[entry.lowerBound...] + "    id: drivers\n    message: Drivers know the length.\n")
    let refused = try await small.generate(["--reroll", "2"], into: "v2")
    #expect(refused.status == 65)
    #expect(refused.error.contains("error: is still blank: - drivers/main.c, drivers/sub/part.c: "), "\(refused.error)")
    try small.edit("series/series.yaml", "!blank |", "|")
    try small.edit("series/series.yaml", "say what changed, and why", "Length x, as negative numbers have none")
    #expect(try await small.generate(["--reroll", "2"], into: "v2").status == 0)
    #expect(
      try small.files(of: "v2")["v2-0003-drivers-implement-fetch.patch"]?.contains(
        """
        Drivers know the length.
        ---

        Changes in v2:
        - drivers/main.c, drivers/sub/part.c: Length x, as negative numbers have none

         drivers/main.c
        """) == true)
  }

  @Test func namesPatchesThatCameAndWent() async throws {
    #expect(try await small.generate(["--split", "per-driver"], into: "v2").status == 0)
    let text = try await compare(["--base", "base"])
    let back = try await small.run(["compare", "v2", "v1", "--tree", small.kernel.path, "--base", "base"])
    let cover = "\ncover:\n  changes:\n    2: |\n      - "
    #expect(text.contains(cover + "Add patch 3, 'main: implement fetch'\n"), "\(text)")
    #expect(back.output.contains(cover + "Drop patch 3 of v1, 'main: implement fetch'\n"), "\(back.output)")
  }

  @Test(arguments: [[], ["--signoff"]])
  func tellsWhatANewBaseChanged(options: [String]) async throws {
    #expect(try await small.generate(options, into: "v1").status == 0)
    let driver = try String(contentsOfFile: small.kernel.path + "/drivers/main.c", encoding: .utf8)
    try small.kernel.write(driver.replacing("if (x > 0)", with: "if (x > 0)\t/* any */"), to: "drivers/main.c")
    try small.kernel.write(
      "int above;\n" + driver.replacing("main", with: "part"), to: "drivers/sub/part.c")
    try small.kernel.commit("main: say which")
    try small.edit("series/series.yaml", "Nobody calls it.", "Nobody has called it since.")
    #expect(try await small.generate(options + ["--reroll", "2"], into: "v2").status == 0)
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
    let base = try small.kernel.text("rev-parse", "--short=12", "HEAD")
    #expect(
      parts[1].hasSuffix(
        """
        cover:
          changes:
            2: |
              - Rebase onto \(base) ("main: say which")
        patches:
          - subject: 'drivers: implement fetch'
            changes:
              2: |
                - Adapt to \(base) ("main: say which"): drivers/main.c
          - subject: 'ops: remove get'
            changes:
              2: |
                - Reword the message

        """), "\(text)")
  }

  @Test func namesThePatchThatDoesNotApply() async throws {
    try small.kernel.remove("drivers/twice.c")
    try small.kernel.commit("twice: remove")
    let run = try await small.run(["compare", "v1", "v1", "--tree", small.kernel.path])
    #expect(run.status == 1)
    #expect(run.error.contains("0002-twice-use-fetch.patch:"), "\(run.error)")
  }

  @Test func leavesTheRepositoryAsItIs() async throws {
    let before = try Inventory(of: small.kernel.path)
    let run = try await small.run(["compare", "v1", "v1", "--tree", small.kernel.path])
    #expect(run.output.hasSuffix("\n\nNothing for the changelog.\n"), "\(run.output)\(run.error)")
    #expect(try Inventory(of: small.kernel.path).differences(from: before) == [])
  }
}
