import Diagnostics
import Generation
import Testing

/// Drivers changed after they were described. Each test shows the whole message.
@Suite struct DriftTests {
  private func report(_ changes: (file: String, from: String, to: String)...) throws -> String {
    var tree = SmallTree.kernel
    for (file, from, to) in changes {
      let text = try #require(tree.files[file])
      try #require(text.contains(from))
      tree.files[file] = text.replacing(from, with: to)
    }
    return try SmallSeries().report(on: tree)
  }

  @Test func aRenamedVariable() throws {
    #expect(
      try report(
        ("driver.c", "int x)", "int i)"), ("driver.c", "valid(x))\n\t\ty = x", "valid(i))\n\t\ty = i")) == """
          driver.c:1:1: error: drift: function 'driver_get' has changed since its description was written
              expected (-) and found (+):
              -static int driver_get(int x)
              +static int driver_get(int i)
              \u{20}{
              \u{20}\tint y = 0;
              \u{20}
              \u{20}\tlock(&driver);
              -\tif (valid(x))
              -\t\ty = x;
              +\tif (valid(i))
              +\t\ty = i;
              \u{20}\tunlock(&driver);
              \u{20}
              \u{20}\treturn y;
              \u{20}}
              described at drivers/driver.yaml:1:1

          """)
  }

  @Test func aMovedLock() throws {
    #expect(
      try report(("driver.c", "\tlock(&driver);\n", ""), ("driver.c", "\tunlock", "\tlock(&driver);\n\tunlock")) == """
        driver.c:1:1: error: drift: function 'driver_get' has changed since its description was written
            expected (-) and found (+):
            \u{20}static int driver_get(int x)
            \u{20}{
            \u{20}\tint y = 0;
            \u{20}
            -\tlock(&driver);
            \u{20}\tif (valid(x))
            \u{20}\t\ty = x;
            +\tlock(&driver);
            \u{20}\tunlock(&driver);
            \u{20}
            \u{20}\treturn y;
            \u{20}}
            described at drivers/driver.yaml:1:1

        """)
  }

  @Test func anAddedBranch() throws {
    #expect(
      try report(("driver.c", "\tunlock", "\telse if (special(x))\n\t\ty = 1;\n\tunlock")) == """
        driver.c:1:1: error: drift: function 'driver_get' has changed since its description was written
            expected (-) and found (+):
            \u{20}static int driver_get(int x)
            \u{20}{
            \u{20}\tint y = 0;
            \u{20}
            \u{20}\tlock(&driver);
            \u{20}\tif (valid(x))
            \u{20}\t\ty = x;
            +\telse if (special(x))
            +\t\ty = 1;
            \u{20}\tunlock(&driver);
            \u{20}
            \u{20}\treturn y;
            \u{20}}
            described at drivers/driver.yaml:1:1

        """)
  }

  @Test func aTableWithAnotherCallback() throws {
    #expect(
      try report(("driver.c", ".get\t= driver_get", ".get\t= driver_take")) == """
        driver.c:17:2: error: drift: does not set .get = driver_get
            expected: .get = driver_get
            found:    .get = driver_take
            described at drivers/driver.yaml:1:1

        """)
  }

  @Test func aCallThatIsGone() throws {
    #expect(
      try report(("user.c", "ops->get(1)", "0")) == """
        user.c:1:5: error: drift: function 'use' does not call ops->get()
            expected: ops->get(…)
            described at callers/user.yaml:1:1

        """)
  }

  @Test func allAtOnceAndEachCauseOnce() throws {
    #expect(
      try report(
        ("driver.c", "driver_get(int x)", "driver_take(int x)"),
        ("driver.c", ".get\t= driver_get", ".take\t= driver_take"), ("user.c", "ops->get(1)", "0"),
        ("ops.h", "(*get)", "(*take)")) == """
          driver.c: error: drift: has no function 'driver_get'
              described at drivers/driver.yaml:1:1
          ops.h:1:12: error: drift: struct ops has no member 'get'
              described at core/ops.yaml:1:1
          driver.c: error: drift: does not set .get = driver_get
              expected: .get = driver_get
              described at drivers/driver.yaml:1:1
          user.c:1:5: error: drift: function 'use' does not call ops->get()
              expected: ops->get(…)
              described at callers/user.yaml:1:1

          """)
  }

  @Test func aDriftHidesNeitherAMissingFileNorAnUncoveredTable() throws {
    var tree = SmallTree.kernel
    tree.files["ops.h"] = nil
    tree.files["user.c"] = "int use(void)\n{\n\treturn 0;\n}\n"
    tree.files["new.c"] = "static const struct ops new_ops = {\n\t.get = new_get,\n};\n"
    let findings = try SmallSeries().generate(on: tree).findings
    #expect(findings.map { $0.place?.file } == ["core/ops.yaml", "user.c", "new.c"])
  }

  @Test(arguments: [
    ("white space", "\tif (valid(x))\n\t\ty = x;", "\tif ( valid(x) )  y = x;"),
    ("comments", "\tif (valid(x))", "\t/* is it? */\n\tif (valid(x)) // yes"),
    ("a longer table", "\t.get\t= driver_get,", "\t.peek\t= driver_peek,\n\t.get\t= driver_get,"),
    ("another order", "\t.put\t= driver_put,\n\t.get\t= driver_get,", "\t.get\t= driver_get,\n\t.put\t= driver_put,"),
  ])
  func aMeaninglessChangePasses(what: String, from: String, to: String) throws {
    #expect(try report(("driver.c", from, to)) == "")
  }

  @Test func aRecordThatLacksTheFunctionIsTheDescriptionsError() throws {
    var series = SmallSeries()
    series.files["expect/driver.c"] = "static int another(void)\n{\n}\n"
    #expect(
      try series.report() == """
        expect/driver.c: error: does not record function 'driver_get'
            copy it from the tree that it was described for
            expected at drivers/driver.yaml:1:1

        """)
  }

  @Test func aMissingRecordIsTheDescriptionsError() throws {
    var series = SmallSeries()
    series.files["expect/driver.c"] = nil
    #expect(
      try series.report() == """
        expect/driver.c: error: is missing, where the functions of driver.c are recorded
            copy them from the tree that they were described for
            expected at drivers/driver.yaml:1:1

        """)
  }

  @Test(arguments: [
    ("c/none.h", "c/none.h: error: cannot be read"), ("../up.h", "is not a path below the series' folder"),
  ])
  func aTemplateIsAFileOfTheSeries(name: String, message: String) throws {
    var series = SmallSeries()
    series.files["core/ops.yaml"] = series.files["core/ops.yaml"]?.replacing(
      #"text: "\tint (*fetch)(int x, int *len);\n""#, with: "template: \(name)")
    #expect(try series.report().contains(message))
    series.files["c/some.h"] = "\tint (*fetch)(int x, int *len);\n"
    series.files["core/ops.yaml"] = series.files["core/ops.yaml"]?.replacing(name, with: "c/some.h")
    #expect(try series.generate().text(of: "ops.h") == "struct ops {\n\tint (*fetch)(int x, int *len);\n};\n")
  }
}
