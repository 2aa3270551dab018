import Descriptions
import Diagnostics
import Generation
import Testing

/// The same steps grouped into other patches.
@Suite struct SplitTests {
  /// Two drivers of kind walker, and a header that the drivers' patch also changes.
  private static var series: SmallSeries {
    var series = SmallSeries()
    series.files["kinds/walker.yaml"]? += """
      alone:
        - subject: '<% title %>: implement fetch'
          changes: {2: All of them}
          message: |
            The leaf is <% leaf %>.
            <%# remark %>

            <% remark %>
            <%/ remark %>

      """
    series.files["kinds/walker.yaml"] = series.files["kinds/walker.yaml"]?
      .replacing("leaf: text}", with: "leaf: text, title: text, remark: text?}")
    let driver = series.files["drivers/driver.yaml"] ?? ""
    series.files["drivers/driver.yaml"] = driver + "title: driver\n"
    series.files["drivers/other.yaml"] =
      driver.replacing("driver.c", with: "other.c")
      + "title: other\nremark: |\n  Others have another.\nchanges: {2: The other, 3: Again}\n"
    series.files["expect/other.c"] = series.files["expect/driver.c"]
    series.files["callers/notes.yaml"] = """
      file: notes.h
      patch: drivers
      steps:
        - edits:
            - replace: {construct: {text: int notes;}, text: "int notes, more;\\n"}

      """
    series.files["series.yaml"] = series.files["series.yaml"]?
      .replacing("driver: implement fetch", with: "drivers: implement fetch")
      .replacing("'user: use fetch'", with: "'user<%# per-driver %>/alone<%/ per-driver %>: use fetch'")
      .replacing(
        "text: t", with: "text: '<%# described %>as described<%/ described %><%# per-driver %>split<%/ per-driver %>'")
    return series
  }

  private static var tree: SmallTree {
    var tree = SmallTree.kernel
    tree.files["other.c"] = tree.files["driver.c"]
    tree.files["notes.h"] = "int notes;\n"
    return tree
  }

  private func generate(_ split: Split, _ series: SmallSeries = series) throws -> GeneratedSeries {
    try series.load { try Generator($0, split: split).generate(on: Self.tree) }
  }

  @Test func aDriverIsAPatchBehindWhatItsPatchDoesBesides() throws {
    let generated = try generate(.perDriver)
    #expect(
      generated.patches.map(\.description.subject) == [
        "ops: add fetch", "drivers: implement fetch", "driver: implement fetch", "other: implement fetch",
        "user/alone: use fetch", "ops: remove get",
      ])
    #expect(
      generated.patches.map { $0.files.keys.sorted() } == [
        ["ops.h"], ["notes.h"], ["driver.c"], ["other.c"], ["user.c"], ["ops.h"],
      ])
    #expect(generated.patches[2].description.message == "The leaf is valid(x).\n")
    #expect(generated.patches[3].description.message == "The leaf is valid(x).\n\nOthers have another.\n\n")
    #expect(generated.patches[2].description.changes == Changes([2: "All of them"]))
    #expect(generated.patches[3].description.changes == Changes([2: "All of them\nThe other", 3: "Again"]))
    #expect(generated.description.cover?.text == "split")
  }

  @Test func theLastPatchLeavesTheSame() throws {
    let (whole, split) = (try generate(.described), try generate(.perDriver))
    #expect(
      whole.patches.map(\.description.subject) == [
        "ops: add fetch", "drivers: implement fetch", "user: use fetch", "ops: remove get",
      ])
    for path in Self.tree.files.keys { #expect(split.text(of: path) == whole.text(of: path), "\(path)") }
    #expect(whole.description.cover?.text == "as described")
  }

  /// A fix of the driver as it was before the series, of which it is a part.
  private static var fixed: SmallSeries {
    var series = series
    series.files["series.yaml"] = series.files["series.yaml"]?
      .replacing(
        "patches:\n", with: "patches:\n  - {id: fix, part-of: drivers, subject: 'driver: fix y', message: m}\n")
    series.files["drivers/driver.yaml"]? += """
      steps:
        - patch: fix
          edits:
            - replace: {construct: {text: int y = 0;, function: driver_get}, text: "\\tint y = -1;\\n"}

      """
    return series
  }

  @Test func aPartOfAPatchIsMadeBeforeItInOnePatchOrInTwo() throws {
    let (whole, split) = (try generate(.described, Self.fixed), try generate(.perDriver, Self.fixed))
    #expect(whole.patches.count == 4 && !whole.notes.contains { $0.message.contains("fix y") })
    #expect(split.patches.first?.description.subject == "driver: fix y")
    #expect(split.patches.first?.files.keys.sorted() == ["driver.c"])
    for path in Self.tree.files.keys { #expect(split.text(of: path) == whole.text(of: path), "\(path)") }
    #expect(whole.text(of: "driver.c").contains("int y = -1;"))
  }

  @Test func aPartHasAWhole() throws {
    var series = Self.fixed
    series.files["series.yaml"] = series.files["series.yaml"]?.replacing("part-of: drivers", with: "part-of: none")
    let failure = #expect(throws: Failure.self) { try generate(.described, series) }
    #expect(failure?.findings.first?.message.hasPrefix("the patch 'fix' is part of 'none'") == true)
  }

  @Test func theCoverLetterListsWhatTheSeriesFollows() throws {
    var series = Self.series
    series.files["series.yaml"]? += "follows:\n  - {title: An RFC, author: A, date: 1 May}\n"
    series.files["series.yaml"] = series.files["series.yaml"]?
      .replacing(
        "<%# described %>as", with: "<%# follows %><% title %> of <% date %>, <%/ follows %><%# described %>as")
    #expect(try generate(.described, series).description.cover?.text == "An RFC of 1 May, as described")
  }

  @Test func aSubjectThatComesTwiceOrIsTooLongIsRefused() throws {
    for (title, message) in [
      ("driver", "the subject 'driver: implement fetch' is taken"),
      (String(repeating: "x", count: 59), "a line has 76 columns, 75 are allowed"),
    ] {
      var series = Self.series
      series.files["drivers/other.yaml"] = series.files["drivers/other.yaml"]?
        .replacing("title: other", with: "title: \(title)")
      let failure = #expect(throws: Failure.self) { try generate(.perDriver, series) }
      #expect(failure?.findings.first?.message.hasPrefix(message) == true, "\(failure?.findings ?? [])")
    }
  }
}
