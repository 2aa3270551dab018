import Testing

@testable import CSource

@Suite struct OutlineTests {
  @Test func knowsWhichFunctionALineIsIn() {
    let source =
      "int a;\nstatic int f(void)\n{\n\tif (a) {\n\t\treturn 1;\n\t}\n\treturn 0;\n}\n\nstruct s {\n\tint b;\n};\n"
    let outline = Outline(Array(source.utf8))
    #expect(outline.enclosing(line: 5) == "f")
    #expect(outline.enclosing(line: 8) == "f")
    #expect(outline.enclosing(line: 9) == nil)
    #expect(outline.enclosing(line: 11) == "s")
  }

  @Test func survivesAnyBytes() {
    for text in [
      "", "#", "\"", "'\\", "/*", "{{{", "}}}", "#define", "\\\n", "struct {", "enum", "a(", "#if\n#endif\n#endif",
    ] {
      _ = Outline(Array(text.utf8))
    }
    _ = Outline(Array(0...255))
  }
}

@Suite struct CodeWordsTests {
  @Test func onlyWhatACompilerSeesIsLeft() {
    let source = """
      #include <linux/iommu.h> /* iommu */
      #define NAME(x) pt_##x // name
      int a = 0x10, b; /* c
      d */ char *s = "e \\" f" "g";
      """
    #expect(
      CodeWords.of(Array(source.utf8)) == ["define", "NAME", "x", "pt_", "int", "a", "0x10", "b", "char", "s"])
  }
}
