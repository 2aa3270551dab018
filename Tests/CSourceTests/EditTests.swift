import CSource
import Diagnostics
import Testing

/// Edits of small sources, checked for what a reviewer would notice in the diff.
@Suite struct EditTests {
  private func file(_ text: String) -> SourceFile { SourceFile(path: "a.c", bytes: Array(text.utf8)) }
  private func text(_ file: SourceFile) -> String { String(decoding: file.bytes, as: UTF8.self) }

  @Test func addsAParameterAlignedWithTheParenthesis() throws {
    let source = file(
      """
      static phys_addr_t foo_iova_to_phys(struct iommu_domain *domain,
      				    dma_addr_t iova)
      {
      	return 0;
      }

      """)
    let edited = try source.changingSignature(
      of: "foo_iova_to_phys", to: "foo_iova_to_phys_length", addingParameter: "size_t *mapped_length")
    #expect(
      text(edited) == """
        static phys_addr_t foo_iova_to_phys_length(struct iommu_domain *domain,
        					   dma_addr_t iova,
        					   size_t *mapped_length)
        {
        	return 0;
        }

        """)
  }

  @Test func putsTheReturnTypeOnItsOwnLineWhereTheNameLeavesNoRoom() throws {
    let source = file(
      """
      static phys_addr_t exynos_iommu_iova_to_phys(struct iommu_domain *iommu_domain,
      					  dma_addr_t iova)
      {
      }

      """)
    let edited = try source.changingSignature(
      of: "exynos_iommu_iova_to_phys", to: "exynos_iommu_iova_to_phys_length",
      addingParameter: "size_t *mapped_length")
    #expect(
      text(edited).hasPrefix(
        """
        static phys_addr_t
        exynos_iommu_iova_to_phys_length(struct iommu_domain *iommu_domain,
        				 dma_addr_t iova, size_t *mapped_length)
        {
        """))
  }

  @Test func keepsTheReturnTypeWhereItIs() throws {
    let source = file("static int\nfoo(struct a *a, int b)\n{\n}\n")
    let edited = try source.changingSignature(of: "foo", to: "foobar", addingParameter: "int c")
    #expect(text(edited) == "static int\nfoobar(struct a *a, int b, int c)\n{\n}\n")
  }

  @Test(arguments: [
    // Tabs or spaces up to the column of the table's `=`, or one space.
    ("\t\t.map\t\t= m,\n\t\t.old\t\t= f,\n", "\t\t.newer\t\t= g,\n"),
    ("\t\t.map\t= m,\n\t\t.old\t= f,\n", "\t\t.newer\t= g,\n"),
    ("\t\t.old_op\t= f,\n", "\t\t.newer\t= g,\n"),
    ("\t.old = f,\n", "\t.newer = g,\n"),
    ("\t.old     = f,\n", "\t.newer   = g,\n"),
  ])
  func keepsTheTablesAlignment(table: String, expected: String) throws {
    let source = file("static const struct ops o = {\n\(table)};\n")
    let member = table.contains("old_op") ? "old_op" : "old"
    let edited = try source.replacing(try source.initialiser(member, value: "f"), member: "newer", value: "g")
    #expect(text(edited).contains(expected))
    #expect(!text(edited).contains("old"))
  }

  @Test func usesOneSpaceWhereTheNewNameIsTooLong() throws {
    let source = file("struct ops o = {\n\t\t.old\t= f,\n};\n")
    let edited = try source.replacing(try source.initialiser("old", value: "f"), member: "much_longer_name", value: "g")
    #expect(text(edited) == "struct ops o = {\n\t\t.much_longer_name = g,\n};\n")
  }

  @Test func editsATableInsideAMacroAndKeepsItsBackslash() throws {
    let source = file(
      "#define OPS() \\\n\t.ops = &(const struct ops) { \\\n\t\t.old\t= f, \\\n\t\t.free\t= g, \\\n\t}\n\nint x;\n")
    let edited = try source.replacing(try source.initialiser("old", value: "f"), member: "newer", value: "n")
    #expect(text(edited).contains("\t\t.newer\t= n, \\\n\t\t.free"))
  }

  @Test(arguments: ["x.", "y->", "y->x."])
  func anAssignmentSetsAMemberToo(table: String) throws {
    let source = file("void f(void)\n{\n\t\(table)map = m;\n\t\(table)old = g;\n}\n")
    let old = try source.initialiser("old", value: "g")
    #expect(text(try source.removing(old)) == "void f(void)\n{\n\t\(table)map = m;\n}\n")
    #expect(
      text(try source.adding(member: "newer", value: "n", after: old))
        == "void f(void)\n{\n\t\(table)map = m;\n\t\(table)old = g;\n\t\(table)newer = n;\n}\n")
    #expect(
      text(try source.replacing(old, member: "newer", value: "n"))
        == "void f(void)\n{\n\t\(table)map = m;\n\t\(table)newer = n;\n}\n")
  }

  @Test func aComparisonSetsNothing() {
    let source = file("int f(void)\n{\n\treturn x.old == g || y->old != g;\n}\n")
    #expect(throws: Mismatch.self) { try source.initialiser("old", value: "g") }
  }

  @Test func changesOnlyTheCallsThatAreMeant() throws {
    let source = file("int f(void)\n{\n\treturn ops->get(ops, x) + other->ops->get(x) + get(ops);\n}\n")
    let edited = try source.changingCalls(
      of: "ops->get", in: "f", to: "ops->fetch", addingArgument: "NULL", count: nil)
    #expect(text(edited).contains("return ops->fetch(ops, x, NULL) + other->ops->get(x) + get(ops);"))
  }

  @Test func realignsTheArgumentsOfARenamedCall() throws {
    let source = file("int f(void)\n{\n\treturn get(a,\n\t\t   b);\n}\n")
    let edited = try source.changingCalls(of: "get", in: nil, to: "fetch", addingArgument: nil, count: 1)
    #expect(text(edited).contains("\treturn fetch(a,\n\t\t     b);"))
  }

  @Test func anotherNumberOfCallsIsAMismatch() {
    let source = file("int f(void)\n{\n\treturn get(a) + get(b);\n}\n")
    #expect(throws: Mismatch.self) {
      try source.changingCalls(of: "get", in: nil, to: "fetch", addingArgument: nil, count: 1)
    }
  }

  @Test func removesAFunctionWithItsCommentAndOneBlankLine() throws {
    let source = file("int a;\n\n/* about f */\nint f(void)\n{\n\tif (x) {\n\t}\n}\n\nint b;\n")
    #expect(text(try source.removing(.function("f"))) == "int a;\n\nint b;\n")
  }

  @Test func aBlankLineOpensNoBlock() throws {
    let source = file("int f(void)\n{\n\tint x;\n\n\tg();\n\n\tint y;\n\n\th();\n}\n")
    let removed = try source.removing(.text("int x;", in: .function("f"))).removing(.text("int y;", in: .function("f")))
    #expect(text(removed) == "int f(void)\n{\n\tg();\n\n\th();\n}\n")
  }

  @Test func findsTheEndOfAFunctionWhoseBracesDependOnAnIf() throws {
    let source = file(
      "int f(void)\n{\n#ifdef A\n\tif (a) {\n#else\n\tif (b) {\n#endif\n\t}\n}\n\nint g(void)\n{\n}\n")
    #expect(text(try source.removing(.function("f"))) == "int g(void)\n{\n}\n")
  }

  @Test func editsMembersAndTheirKernelDoc() throws {
    let source = file(
      """
      /**
       * struct ops - operations
       * @get: get it
       *       in two lines
       * @put: put it
       */
      struct ops {
      	int (*get)(struct ops *ops,
      		   int x);
      	int (*put)(struct ops *ops);
      };

      """)
    let added =
      try source
      .inserting("\tint (*fetch)(int);\n", after: .member(structure: "ops", name: "get"))
      .inserting(" * @fetch: fetch it\n", after: .kernelDoc(owner: "ops", entry: "@get:"))
    #expect(text(added).contains("\t\t   int x);\n\tint (*fetch)(int);\n\tint (*put)"))
    #expect(text(added).contains(" *       in two lines\n * @fetch: fetch it\n * @put"))
    let removed = try added.removing(.member(structure: "ops", name: "get"))
      .removing(.kernelDoc(owner: "ops", entry: "@get:"))
    #expect(text(removed).contains("struct ops {\n\tint (*fetch)(int);"))
    #expect(text(removed).contains(" * struct ops - operations\n * @fetch: fetch it\n"))
  }

  @Test func matchesTextAcrossWhiteSpaceAndComments() throws {
    let source = file("int f(void)\n{\n\tx = 1; /* one */\n\ty\t=  2;\n}\n")
    let edited = try source.replacing(.text("x = 1; y = 2;", in: .function("f")), with: "\tz();\n")
    #expect(text(edited) == "int f(void)\n{\n\tz();\n}\n")
  }

  @Test func keepsBytesThatAreNotUTF8() throws {
    let bytes: [UInt8] = Array("/* M\u{0}".utf8) + [0xfc, 0xff] + Array(" */\nint f(void)\n{\n}\n".utf8)
    let edited = try SourceFile(path: "a.c", bytes: bytes).changingSignature(
      of: "f", to: "g", addingParameter: "int x")
    #expect(edited.bytes.starts(with: bytes.prefix(10)))
  }
}
