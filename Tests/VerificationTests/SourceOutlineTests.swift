import Testing

@testable import Verification

@Suite struct SourceOutlineTests {
  private func touched(_ before: String, _ after: String) -> [String] {
    TouchedNames.between(Array(before.utf8), Array(after.utf8)).sorted()
  }

  @Test(arguments: [
    ("struct a { int b; };", "struct a { int b; unsigned c : 3; };", ["c"]),
    ("struct a { int b; };", "struct a { int b; struct { int d[4]; } c; };", ["c", "d"]),
    ("struct a { int b; };", "struct a { int b; DECLARE_BITMAP(map, 4); };", ["map"]),
    ("struct a;", "struct a;\nstruct z;", ["z"]),
    ("enum a { B, C };", "enum a { B, D = 3, C };", ["D"]),
    ("static inline int f(int x)\n{\n\treturn x;\n}", "static inline int f(int x)\n{\n\treturn x + 1;\n}", ["f"]),
    ("int f(int x);", "int f(int x, size_t *y);", ["f"]),
    ("typedef int (*cb_t)(int);", "typedef int (*cb_t)(long);", ["cb_t"]),
    ("#define A(x) \\\n\tone(x); \\\n\ttwo(x)\n", "#define A(x) \\\n\tone(x); \\\n\tthree(x)\n", ["A"]),
    ("int f(void);\n", "#ifdef CONFIG_X\nint f(void);\n#endif\n", ["f"]),
    ("int f(void);\n#include <a.h>\nint g(void);\n", "int f(void);\nint g(void);\n", ["f", "g"]),
    ("extern int a, b;", "extern long a, b;", ["a", "b"]),
    ("int f(void) __attribute__((cold));", "int f(void);", ["f"]),
  ])
  func namesWhatChanged(before: String, after: String, names: [String]) {
    #expect(touched(before, after) == names)
  }

  @Test func aMovedDeclarationIsNoChange() {
    #expect(touched("int f(void);\nint g(void);\n", "int  g( void );\n/* f */\nint f(void);\n").isEmpty)
  }

  @Test func knowsWhichFunctionALineIsIn() {
    let source =
      "int a;\nstatic int f(void)\n{\n\tif (a) {\n\t\treturn 1;\n\t}\n\treturn 0;\n}\n\nstruct s {\n\tint b;\n};\n"
    let outline = SourceOutline(Array(source.utf8))
    #expect(outline.enclosing(line: 5) == "f")
    #expect(outline.enclosing(line: 8) == "f")
    #expect(outline.enclosing(line: 9) == nil)
    #expect(outline.enclosing(line: 11) == "s")
  }

  @Test func survivesAnyBytes() {
    for text in [
      "", "#", "\"", "'\\", "/*", "{{{", "}}}", "#define", "\\\n", "struct {", "enum", "a(", "#if\n#endif\n#endif",
    ] {
      _ = SourceOutline(Array(text.utf8))
    }
    _ = SourceOutline(Array(0...255))
  }
}
