import Descriptions
import Diagnostics
import Generation
import Testing

/// Trees to which the same descriptions apply: a file may be missing, and a function may have one of two forms.
@Suite struct FittingTests {
  // MARK: Optional files

  @Test func aFileThatIsGoneIsAnErrorOfItsDescription() throws {
    var tree = SmallTree.kernel
    tree.files["user.c"] = nil
    #expect(
      try SmallSeries().report(on: tree) == """
        callers/user.yaml:1:1: error: the tree has no user.c
            was it renamed or removed? change this description, or say why it is 'optional'

        """)
  }

  @Test func anOptionalFileThatIsGoneIsLeftOutWithANote() throws {
    var tree = SmallTree.kernel
    tree.files["user.c"] = nil
    var series = SmallSeries()
    series.files["callers/user.yaml"]?.append("optional: not every kernel has users\n")
    let generated = try series.generate(on: tree)
    #expect(generated.findings == [])
    #expect(
      Printer(color: false).text(generated.notes) == """
        callers/user.yaml:1:1: note: left out, the tree has no user.c: not every kernel has users
        series.yaml:9:5: note: left out, 'user: use fetch' has nothing to change in this tree

        """)
    #expect(generated.patches.map(\.description.id) == ["add", "drivers", "remove"])
    #expect(try series.generate().patches.count == 4)
  }

  @Test func anOptionalConstructThatIsGoneIsLeftOutWithANote() throws {
    var tree = SmallTree.kernel
    tree.files["user.c"] = "int another;\n"
    var series = SmallSeries()
    series.files["callers/user.yaml"]?.append("optional: not every kernel uses it\nwhen: {function: use}\n")
    let generated = try series.generate(on: tree)
    #expect(generated.findings == [])
    #expect(
      generated.notes.first?.message == "left out, user.c has no use for it: not every kernel uses it")
    #expect(try series.generate().text(of: "user.c").contains("ops->fetch"))
  }

  // MARK: Variants

  private static let variants = """
    file: driver.c
    kind: walker
    patch: drivers
    callback: driver_get
    variants:
      - name: valid
        when: {text: if (valid(x)), function: driver_get}
        leaf: valid(x)
      - name: present
        when: {text: if (present(x)), function: driver_get}
        leaf: present(x)
        steps:
          - edits:
              - replace: {construct: {text: int y = 0;, function: driver_get_fetch}, text: "\\tint y;\\n"}

    """

  private var series: SmallSeries {
    var series = SmallSeries()
    series.files["drivers/driver.yaml"] = Self.variants
    let recorded = series.files["expect/driver.c"] ?? ""
    series.files["expect/driver.c"] = recorded + "\n" + recorded.replacing("valid", with: "present")
    return series
  }

  private func tree(_ condition: String) -> SmallTree {
    var tree = SmallTree.kernel
    tree.files["driver.c"] = tree.files["driver.c"]?.replacing("valid", with: condition)
    return tree
  }

  @Test func theVariantIsChosenByWhatTheFileHolds() throws {
    #expect(try series.report() == "")
    let old = try series.generate().text(of: "driver.c")
    #expect(old.contains("if (valid(x)) {") && old.contains("int y = 0;"))
    #expect(try series.report(on: tree("present")) == "")
    let new = try series.generate(on: tree("present")).text(of: "driver.c")
    #expect(new.contains("if (present(x)) {") && new.contains("int y;"))
  }

  @Test func noVariantForAFileIsADrift() throws {
    #expect(
      try series.report(on: tree("mapped"))
        == """
        driver.c:1:1: error: drift: no variant of the description fits this file
            'valid' does not fit: function 'driver_get' does not contain this:
                if (valid(x))
            'present' does not fit: function 'driver_get' does not contain this:
                if (present(x))
            found:
            static int driver_get(int x)
            {
            \tint y = 0;

            \tlock(&driver);
            \tif (mapped(x))
            \t\ty = x;
            \tunlock(&driver);

            \treturn y;
            }
            described at drivers/driver.yaml:1:1

        """)
  }

  @Test func aDriftShowsTheNearestOfTheRecords() throws {
    var tree = tree("present")
    tree.files["driver.c"] = tree.files["driver.c"]?.replacing("\tunlock(&driver);\n", with: "")
    let report = try series.report(on: tree)
    #expect(report.contains("-\tunlock(&driver);") && !report.contains("valid"))
  }

  @Test func messagesSayWhatAppliesToTheTree() throws {
    var series = series
    series.files["series.yaml"] = series.files["series.yaml"]?.replacing(
      "subject: 'driver: implement fetch', message: why",
      with: """
        subject: 'driver: implement fetch', message: "Why.\\n<%# present %>\\nPresent.\\n<%/ present %>"
        """)
    #expect(try series.generate().patches[1].description.message == "Why.\n")
    #expect(try series.generate(on: tree("present")).patches[1].description.message == "Why.\nPresent.\n")
    series.files["series.yaml"] = series.files["series.yaml"]?.replacing("present %>", with: "persent %>")
    #expect(try series.report().contains("the template names 'persent', which has no value"))
  }
}
