import CSource
import Testing

/// Sources that nobody would write by hand: an untrusted series may contain any bytes.
@Suite(.serialized) struct HostileSourceTests {
  private func read(_ text: String) {
    let bytes = Array(text.utf8)
    let source = SourceFile(path: "a.c", bytes: bytes)
    _ = source.functions()
    _ = source.callbacks()
    _ = source.excessDescriptions()
    _ = source.inventory(structures: ["ops"], members: ["call"])
    _ = source.inventory(structures: ["ops"], members: ["call"], types: Types { $0 == "include/a.h" ? bytes : nil })
    _ = Outline(bytes)
    _ = SymbolMentions(of: "call", in: "a.c", bytes)
  }

  /// Quadratic code takes minutes at this size.
  @Test(arguments: [
    "(", ")", "{", "}", "[(", "a)->call ", "ops->call = ", ".call = x, ", "struct ops a = { ",
    "struct ops { int (*call)(",
    "struct a { struct b ", "(struct ops){ .call = ", "#if 1\n", "#define A(x) .call = (\n",
    "#else\n", "#if 1\nint a;\n", "#elif 1\nint a;\n",
    "int f(void) { if (", "else if (a) ", "/*", "\"", "'\\", "\\\n", "EXPORT_SYMBOL(call ", "call(", "a,", "enum { a, ",
    "/** call", "##",
    "#define a \\\n", "static int call(void) { }\n", "call;", "= ",
  ])
  func isReadInTime(piece: String) {
    let time = ContinuousClock().measure { read(String(repeating: piece, count: 400_000 / piece.utf8.count)) }
    #expect(time < .seconds(60))
  }

  @Test(arguments: [
    "ops->call =", "a.call", "a->call = (", "struct ops x = {", "struct ops x = { .call =", "struct ops x[",
    "(struct ops)",
    "x = (struct ops){ .call = ", "#define A .call =", "#define", "#", "struct", "struct ops", "EXPORT_SYMBOL(",
    "->call", ".call(",
    "= (struct ops){", "/", "\"\\", "call",
  ])
  func mayEndAnywhere(text: String) {
    read(text)
    read("int a;\n" + text)
  }
}
