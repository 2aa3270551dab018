import Testing

@testable import Verification

@Suite struct HeaderChangeTests {
  private func touched(_ before: String, _ after: String) -> [String] {
    HeaderChange(from: Array(before.utf8), to: Array(after.utf8)).words.sorted()
  }

  @Test(arguments: [
    ("struct a { int b; };", "struct a { int b; unsigned c : 3; };", ["c"]),
    ("struct a { int b; };", "struct a { int b; struct { int d[4]; } c; };", ["c", "d"]),
    ("struct a { int b; };", "struct a { int b; DECLARE_BITMAP(map, 4); };", ["map"]),
    ("struct a;", "struct a;\nstruct z;", ["z"]),
    ("enum a { B, C };", "enum a { B, D = 3, C };", ["B", "C", "D", "a"]),
    ("static inline int f(int x)\n{\n\treturn x;\n}", "static inline int f(int x)\n{\n\treturn x + 1;\n}", ["f"]),
    ("int f(int x);", "int f(int x, size_t *y);", ["f"]),
    ("typedef int (*cb_t)(int);", "typedef int (*cb_t)(long);", ["cb_t"]),
    ("#define A(x) \\\n\tone(x); \\\n\ttwo(x)\n", "#define A(x) \\\n\tone(x); \\\n\tthree(x)\n", ["A"]),
    ("int f(void);\n", "#ifdef CONFIG_X\nint f(void);\n#endif\n", ["f"]),
    ("extern int a, b;", "extern long a, b;", ["a", "b"]),
    ("int f(void) __attribute__((cold));", "int f(void);", ["f"]),
  ])
  func namesWhatChanged(before: String, after: String, names: [String]) {
    #expect(touched(before, after) == names)
  }

  @Test func aChangedIncludeIsKnown() {
    let change = HeaderChange(from: Array("#include <a.h>\nint f;\n".utf8), to: Array("int f;\n".utf8))
    #expect(change.changesIncludes)
    #expect(change.words.isEmpty)
  }

  @Test func aTypeWhoseMembersMoveHasAnotherLayout() {
    let change = HeaderChange(
      from: Array("struct a { int b; int c; };\nstruct d { int e; };".utf8),
      to: Array("struct a { int c; int b; };\nstruct d { int e; };".utf8))
    #expect(change.layouts == ["a"])
    #expect(change.words.isEmpty)
  }

  @Test func aMovedDeclarationIsNoChange() {
    #expect(touched("int f(void);\nint g(void);\n", "int  g( void );\n/* f */\nint f(void);\n").isEmpty)
  }
}
