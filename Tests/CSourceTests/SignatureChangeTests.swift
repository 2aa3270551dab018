import Testing

@testable import CSource

@Suite struct SignatureChangeTests {
  private let source = """
    static void foo_set(struct gpio_chip *gc, unsigned int offset,
    		    int value);
    EXPORT_SYMBOL_GPL(foo_set);

    static inline void __maybe_unused
    foo_reset(struct gpio_chip *gc)
    {
    }

    static void foo_set(struct gpio_chip *gc, unsigned int offset,
    		    int value)
    {
    	if (!value)
    		return;

    	writel(value, offset);
    }

    """

  private func edited(_ edit: (SourceFile) throws -> SourceFile) throws -> String {
    String(decoding: try edit(SourceFile(path: "foo.c", bytes: Array(source.utf8))).bytes, as: UTF8.self)
  }

  private func refusal(_ edit: (SourceFile) throws -> SourceFile) -> String? {
    do {
      _ = try edited(edit)
      return nil
    } catch { return (error as? Mismatch)?.message }
  }

  @Test func thePrototypeFollows() throws {
    #expect(
      try edited { try $0.changingSignature(of: "foo_set", to: "foo_set_rv", returning: "int") }
        == source.replacing(
          "static void foo_set(struct gpio_chip *gc, unsigned int offset,\n\t\t    int value)",
          with: "static int foo_set_rv(struct gpio_chip *gc, unsigned int offset, int value)"))
    #expect(
      try edited {
        try $0.changingSignature(
          of: "foo_set", to: "foo_set", withParameters: "struct gpio_chip *gc, unsigned long *mask, unsigned long *bits"
        )
      }
        == source.replacing(
          "(struct gpio_chip *gc, unsigned int offset,\n\t\t    int value)",
          with: "(struct gpio_chip *gc, unsigned long *mask,\n\t\t    unsigned long *bits)"))
  }

  @Test func storageClassesAndAttributesStay() throws {
    #expect(
      try edited { try $0.changingSignature(of: "foo_reset", to: "foo_reset", returning: "unsigned long") }
        == source.replacing("static inline void __maybe_unused", with: "static inline unsigned long __maybe_unused"))
    #expect(refusal { try $0.changingSignature(of: "foo_set", to: "foo_set", returning: "int;") } != nil)
    #expect(refusal { try $0.changingSignature(of: "foo_set", to: "foo_set", withParameters: "int a;") } != nil)
  }

  @Test func aFunctionReturnsAValue() throws {
    #expect(
      try edited { try $0.returning("0", from: "foo_set") }
        == source.replacing("\t\treturn;", with: "\t\treturn 0;")
        .replacing("offset);\n}", with: "offset);\n\n\treturn 0;\n}"))
    #expect(
      try edited { try $0.returning("-EINVAL", from: "foo_reset") }
        == source.replacing("{\n}", with: "{\n\treturn -EINVAL;\n}"))
    #expect(refusal { try $0.returning("0;", from: "foo_set") } == "'0;' is not a value")
    #expect(
      refusal { try $0.returning("0", from: "foo_set").returning("0", from: "foo_set") }
        == "'foo_set' returns a value already")
  }

  @Test func aReturnAtTheEndIsTheOnlyOne() throws {
    let file = SourceFile(path: "a.c", bytes: Array("void f(void)\n{\n\tg();\n\treturn;\n}\n".utf8))
    #expect(
      String(decoding: try file.returning("0", from: "f").bytes, as: UTF8.self)
        == "void f(void)\n{\n\tg();\n\treturn 0;\n}\n")
    let branch = SourceFile(path: "a.c", bytes: Array("void f(void)\n{\n\tif (a)\n\t\treturn;\n}\n".utf8))
    #expect(
      String(decoding: try branch.returning("0", from: "f").bytes, as: UTF8.self)
        == "void f(void)\n{\n\tif (a)\n\t\treturn 0;\n\n\treturn 0;\n}\n")
    let line = SourceFile(path: "a.c", bytes: Array("void f(void) { }\n".utf8))
    #expect(throws: Mismatch.self) { try line.returning("0", from: "f") }
  }
}
