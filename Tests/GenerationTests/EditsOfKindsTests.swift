import Generation
import Testing

/// Edits as a kind asks for them, with the parameters of a driver.
@Suite struct EditsOfKindsTests {
  @Test func aSignatureAndWhatIsReturned() throws {
    var series = SmallSeries()
    series.files["kinds/walker.yaml"] = series.files["kinds/walker.yaml"]?.replacing(
      "- statement:",
      with: "- signature: {function: note, returns: int, parameters: 'int a, long b'}\n"
        + "      - return: {function: note, value: '-<% leaf %>'}\n      - statement:")
    var tree = SmallTree.kernel
    tree.files["driver.c"] =
      "static void note(int x);\n\nstatic void note(int x)\n{\n\tif (x)\n\t\treturn;\n\tlog(x);\n}\n"
      + (SmallTree.kernel.files["driver.c"] ?? "")
    #expect(
      try series.generate(on: tree).text(of: "driver.c").hasPrefix(
        "static int note(int a, long b);\n\nstatic int note(int a, long b)\n{\n\tif (x)\n\t\treturn -valid(x);\n"
          + "\tlog(x);\n\n\treturn -valid(x);\n}\n"))
  }

  @Test func aDriverMayLeaveOutAList() throws {
    var series = SmallSeries()
    series.files["kinds/walker.yaml"] = series.files["kinds/walker.yaml"]?
      .replacing("leaf: text}", with: "leaf: text, names: list?}")
      .replacing(
        "- statement:", with: "- call: {callee: <% old %>, becomes: <% new %>}\n        each: names\n      - statement:"
      )
    #expect(try series.generate().findings.isEmpty)
    series.files["drivers/driver.yaml"]? += "names:\n  - {old: lock, new: hold}\n  - {old: unlock, new: drop}\n"
    let text = try series.generate().text(of: "driver.c")
    #expect(text.contains("\thold(&driver);\n") && text.contains("\tdrop(&driver);\n") && !text.contains("lock("))
  }
}
