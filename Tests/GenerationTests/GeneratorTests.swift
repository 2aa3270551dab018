import Descriptions
import Diagnostics
import Foundation
import Generation
import Testing

@Suite struct GeneratorTests {
  @Test func generatesTheSeries() throws {
    let generated = try SmallSeries().generate()
    #expect(generated.findings == [] && generated.notes == [])
    #expect(generated.patches.map { $0.files.keys.sorted() } == [["ops.h"], ["driver.c"], ["user.c"], ["ops.h"]])
    #expect(generated.text(of: "ops.h") == "struct ops {\n\tint (*fetch)(int x, int *len);\n};\n")
    #expect(generated.text(of: "user.c").contains("ops->fetch(1, NULL)"))
    #expect(generated.text(of: "driver.c").contains("\tif (valid(x)) {\n\t\ty = x;\n\t\t*len = 1;\n\t}\n"))
  }

  @Test func coverageShowsBothSides() throws {
    let coverage = try SmallSeries().generate().coverage
    #expect(coverage.tables.map(\.status) == [.described])
    #expect(coverage.users.map(\.status) == [.described])
  }

  /// A series whose option is tested in a message, in an edit of a kind and in the cover letter.
  private static var optional: SmallSeries {
    var series = SmallSeries()
    series.files["series.yaml"] = series.files["series.yaml"]?
      .appending("options:\n  - {name: checked, about: checks}\n")
      .replacing(
        "'driver: implement fetch', message: why",
        with: "'driver: implement fetch', message: 'why<%#checked%> so<%/checked%>'"
      )
      .replacing("text: t", with: "text: '<%^checked%>un<%/checked%>checked'")
    series.files["kinds/walker.yaml"] = series.files["kinds/walker.yaml"]?
      .replacing("parameter: int *len", with: "parameter: 'int *<%#checked%>checked_<%/checked%>len'")
    return series
  }

  @Test(arguments: [
    ([], "int driver_get_fetch(int x, int *len)", "why", "unchecked"),
    (["checked"], "int driver_get_fetch(int x, int *checked_len)", "why so", "checked"),
  ])
  func anOptionChangesTheSeries(chosen: [String], signature: String, message: String, cover: String) throws {
    let generated = try Self.optional.generate(options: chosen)
    #expect(generated.text(of: "driver.c").contains(signature))
    #expect(generated.patches[1].description.message == message)
    #expect(generated.description.cover?.text == cover)
  }

  @Test func anUnknownOptionIsRefusedNamingThoseThereAre() throws {
    let failure = #expect(throws: Failure.self) { try Self.optional.generate(options: ["chekced"]) }
    #expect(failure?.status == .usage)
    #expect(failure?.findings.map(\.message) == ["the series 'test' has no option 'chekced'"])
    #expect(failure?.findings.first?.notes == ["its options are: checked"])
  }

  private static let users = "  - {id: users, subject: 'user: use fetch', message: why}\n"

  @Test func aPatchMovedBeforeWhatItNeedsIsRefusedNamingBoth() throws {
    var series = SmallSeries()
    series.files["series.yaml"] = series.files["series.yaml"]?.replacing(Self.users, with: "")
      .replacing("patches:\n", with: "patches:\n" + Self.users)
    #expect(
      try series.report().hasPrefix(
        "series.yaml:7:5: error: patch 'user: use fetch' needs ops.fetch (for user.c), which only the later patch "
          + "'ops: add fetch' provides\n"))
  }

  @Test func removingTheOpBeforeItsLastUserIsRefused() throws {
    var series = SmallSeries()
    series.files["series.yaml"] = series.files["series.yaml"]?.replacing(Self.users, with: "")
    series.files["series.yaml"]?.append(Self.users)
    #expect(try series.report().contains("still uses ops.get (in user.c)"))
  }

  @Test func whatNobodyDescribesIsNamed() throws {
    var tree = SmallTree.kernel
    // As in a typical new driver, the table is a compound literal inside another table.
    tree.files["new.c"] = """
      static const struct device_ops new_device_ops = {
      	.owner = THIS_MODULE,
      	.default_ops = &(const struct ops) {
      		.put		= new_put,
      		.get		= new_get,
      	}
      };

      """
    tree.files["new-user.c"] = "int n(struct ops *o)\n{\n\treturn o->get(2);\n}\n"
    #expect(
      try SmallSeries().report(on: tree) == """
        new.c:5:3: error: no description covers the struct ops 'new_device_ops.default_ops', which sets new_get
            `seriesmith describe new.c --series test` drafts a description
            if it needs none, give the reason under 'exempt' in series.yaml
        new-user.c:3:12: error: no description covers this call of o->get() in n()
            describe it in callers/

        """)
  }

  @Test func aDescriptionIsAllThatANewDriverNeeds() throws {
    var tree = SmallTree.kernel
    let driver = try #require(tree.files["driver.c"]?.replacing("driver_get", with: "new_get"))
    tree.files["new.c"] = driver.replacing("struct ops driver_ops", with: "struct ops new_ops")
    var series = SmallSeries()
    #expect(try series.report(on: tree).contains("no description covers the struct ops 'new_ops'"))
    series.files["drivers/new.yaml"] = series.files["drivers/driver.yaml"]?.replacing("driver", with: "new")
      .replacing("patch: news", with: "patch: drivers")
    series.files["expect/new.c"] = driver
    #expect(try series.report(on: tree) == "")
  }

  @Test func theSameInputGivesTheSameBytes() throws {
    #expect(try SmallSeries().generate().patches.map(\.files) == SmallSeries().generate().patches.map(\.files))
  }
}
