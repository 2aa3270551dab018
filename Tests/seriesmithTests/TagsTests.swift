import Foundation
import GitBinary
import Testing

/// Reviewers' tags in later versions of a small series. Needs no kernel.
@Suite struct TagsTests {
  private let small: SmallMigration
  private let review = "Reviewed-by: R E Viewer <r@example.com>"
  private let test = "Tested-by: T E Ster <t@example.com>"

  init() async throws {
    small = try SmallMigration()
    #expect(try await small.generate(["--signoff"], into: "series/mailed/v1").status == 0)
    try small.write(
      """
      tags:
        - {version: 1, patch: 'drivers: implement fetch', tag: '\(review)'}
        - {version: 1, patch: 'ops: remove get', tag: '\(review)'}
        - {version: 1, tag: '\(test)'}

      """, to: "series/tags.yaml")
  }

  /// The text of a patch above its diffstat.
  private func text(_ number: Int, of folder: String = "out") throws -> String {
    let files = try small.files(of: folder)
    let name = try #require(files.keys.first { $0.contains("000\(number)-") })
    return try #require(files[name]?.components(separatedBy: "\n\n").dropFirst().joined(separator: "\n\n"))
  }

  @Test func areCarriedInOrder() async throws {
    let run = try await small.generate(["--signoff", "--reroll", "2"])
    #expect(run.status == 0 && !run.error.contains("tags.yaml"), "\(run.error)")
    let signOff = "Signed-off-by: C O Mitter <committer@example.com>"
    #expect(try text(1).contains("\n\n\(test)\n\(signOff)\n---\n include/"))
    #expect(try text(2).contains("\n\nReviewed-by: R <r@example.com>\n\(test)\n\(signOff)\n---\n drivers/"))
    #expect(try text(3).contains("\n\n\(review)\n\(test)\n\(signOff)\n---\n drivers/"))
    #expect(try !text(0).contains("-by: "))
  }

  @Test func areOfNoConcernToTheVersionTheyWereGivenTo() async throws {
    #expect(try await small.generate(["--signoff"]).status == 0)
    #expect(try small.files() == small.files(of: "series/mailed/v1"))
  }

  /// A tag stays if the patch changes the reviewed lines, wherever they are and whatever its subject.
  @Test func areCarriedToAnotherBaseAndAnotherSubject() async throws {
    let driver = try String(contentsOfFile: small.kernel.path + "/drivers/main.c", encoding: .utf8)
    try small.kernel.write(driver.replacing("\nstatic int", with: "\nint above;\nstatic int"), to: "drivers/main.c")
    try small.kernel.commit("main: add above")
    try small.edit("series/series.yaml", "ops: remove get", "ops: drop get")
    #expect(try await small.generate(["--reroll", "2"]).status == 0)
    for number in [3, 4] { #expect(try text(number).contains("\(review)\n\(test)\n---\n ")) }
  }

  @Test func areDroppedWhereThePatchChanged() async throws {
    try small.edit("series/kinds/walker.yaml", "*length = 1;", "*length = x;")
    try small.edit(
      "series/series.yaml", "message: Drivers know the length.",
      "message: Drivers know the length., changes: {2: '- Be more exact'}")
    #expect(try await small.generate(["--reroll", "2"]).status == 0)
    let dropped = """
      Changes in v2:
      - Be more exact
      - Drop 'Reviewed-by: R E Viewer <r@example.com>', given to v1, as the patch
        has changed
      - Drop 'Tested-by: T E Ster <t@example.com>', given to v1, as the patch has
        changed


      """
    #expect(try text(3).hasPrefix("Drivers know the length.\n---\n\n\(dropped) drivers/"))
    #expect(try text(4).contains("\(review)\n\(test)\n---\n "))

    // A tag once dropped stays dropped, and the changelog of that version keeps saying so.
    #expect(try await small.generate(["--reroll", "2"], into: "series/mailed/v2").status == 0)
    try small.edit("series/kinds/walker.yaml", "*length = x;", "*length = 1;")
    #expect(try await small.generate(["--reroll", "3"]).status == 0)
    #expect(try text(3).hasPrefix("Drivers know the length.\n---\n\n\(dropped) drivers/"))
  }

  @Test func areDroppedWithTheirPatch() async throws {
    let run = try await small.generate(["--reroll", "2", "--split", "per-driver"])
    #expect(
      run.error.contains(
        "series/tags.yaml:2:5: note: is dropped, as there is no patch 'drivers: implement fetch' any more\n"),
      "\(run.error)")
    #expect(try !text(3).contains("-by: "))
  }

  @Test func areRefusedWhereNobodyKnowsWhatTheyWereGivenTo() async throws {
    try small.edit("series/tags.yaml", "patch: 'ops: remove get'", "patch: 'ops: remove got'")
    try small.edit("series/tags.yaml", "version: 1, tag", "version: 2, tag")
    let run = try await small.generate(["--reroll", "3"])
    #expect(run.status == 65)
    #expect(
      run.error.contains("series/tags.yaml:3:5: error: version 1 has no patch 'ops: remove got'\n"), "\(run.error)")
    #expect(
      run.error.contains(
        """
        series/tags.yaml:4:5: error: was given to version 2, whose patches are not known
            copy the mailed patches to series/mailed/v2

        """), "\(run.error)")
    #expect(!FileManager.default.fileExists(atPath: small.folder + "/out"))
  }
}
