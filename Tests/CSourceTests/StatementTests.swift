import CSource
import Diagnostics
import Testing

/// Statements added at the leaves of a page table walker.
@Suite struct StatementTests {
  private func edited(_ body: String, _ anchor: StatementAnchor, _ lines: [String] = ["*len = 4;"]) throws -> String {
    let file = SourceFile(path: "a.c", bytes: Array("int f(void)\n{\n\(body)}\n".utf8))
    let text = String(decoding: try file.addingStatements(lines, to: "f", at: anchor).bytes, as: UTF8.self)
    return String(text.dropFirst("int f(void)\n{\n".count).dropLast(2))
  }

  @Test func goesToTheEndOfABlock() throws {
    #expect(
      try edited("\tif (leaf(e)) {\n\t\tp = x;\n\t}\n", .when("leaf(e)"))
        == "\tif (leaf(e)) {\n\t\tp = x;\n\t\t*len = 4;\n\t}\n")
  }

  @Test func givesBracesToEveryArm() throws {
    let body = "\tif (a(e))\n\t\tp = x;\n\telse if (b(e))\n\t\tp = y;\n\telse\n\t\twarn(e,\n\t\t     p);\n"
    #expect(
      try edited(body, .when("b(e)")) == """
        \tif (a(e)) {
        \t\tp = x;
        \t} else if (b(e)) {
        \t\tp = y;
        \t\t*len = 4;
        \t} else {
        \t\twarn(e,
        \t\t     p);
        \t}

        """)
  }

  @Test func keepsTheCommentOfAnElse() throws {
    let body = "\tif (a)\n\t\tp = x;\n\telse\t/* rest */\n\t\tp = y;\n"
    #expect(
      try edited(body, .otherwise("a"))
        == "\tif (a) {\n\t\tp = x;\n\t} else {\t/* rest */\n\t\tp = y;\n\t\t*len = 4;\n\t}\n")
  }

  @Test(arguments: [" /* x */", "\t// x", "\n\t\t/* x */", " /* x */\n\t/* or */"])
  func keepsTheCommentBeforeAnElse(comment: String) throws {
    #expect(
      try edited("\tif (a)\n\t\tp = x;\(comment)\n\telse\n\t\tp = y;\n", .when("a"))
        == "\tif (a) {\n\t\tp = x;\(comment)\n\t\t*len = 4;\n\t} else {\n\t\tp = y;\n\t}\n")
  }

  @Test func followsTheFilesBlankLines() throws {
    #expect(
      try edited("\tif (!e)\n\t\treturn 0;\n\n\treturn p;\n", .before("return p;"))
        == "\tif (!e)\n\t\treturn 0;\n\n\t*len = 4;\n\n\treturn p;\n")
    #expect(
      try edited("\tp &= m;\n\treturn p;\n", .before("return p;")) == "\tp &= m;\n\t*len = 4;\n\treturn p;\n")
    #expect(
      try edited("\tp = x;\nout:\n\tunlock();\n", .after("p = x;")) == "\tp = x;\n\t*len = 4;\nout:\n\tunlock();\n")
  }

  @Test func breaksAStatementThatIsTooLong() throws {
    let line = "*len = a_function_with_quite_a_long_name(domain, iova, mapping->first, mapping->last);"
    #expect(
      try edited("\tp = x;\n", .after("p = x;"), [line]) == """
        \tp = x;
        \t*len = a_function_with_quite_a_long_name(domain, iova, mapping->first,
        \t\t\t\t\t\t mapping->last);

        """)
  }

  @Test(arguments: [
    ("\tp = y;\n", StatementAnchor.after("p = x;"), "has no such statement"),
    ("\tp = x;\n\tp = x;\n", .after("p = x;"), "several times"),
    ("\tif (a)\n\t\tp = x;\n", .after("p = x;"), "a branch of its own"),
    ("\tif (b)\n\t\tp = x;\n", .when("a"), "does not test this condition"),
    ("\tif (a)\n\t\tp = x;\n", .otherwise("a"), "no plain else"),
  ])
  func refusesAPlaceThatIsNotThere(body: String, anchor: StatementAnchor, message: String) throws {
    let error = #expect(throws: Mismatch.self) { try edited(body, anchor) }
    #expect(error?.message.contains(message) == true)
  }
}
