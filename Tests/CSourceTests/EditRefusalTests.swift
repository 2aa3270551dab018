import CSource
import Diagnostics
import Testing

/// Edits that would write broken C: each is refused, with the reason and what to write instead.
@Suite struct EditRefusalTests {
  private static let driver = """
    static void omap_gpio_set(struct gpio_chip *chip, unsigned offset,
    			  int value)
    {
    	struct gpio_bank *bank = gpiochip_get_data(chip);
    	unsigned long flags;

    	raw_spin_lock_irqsave(&bank->lock, flags);
    	writel_relaxed(GPIO_bit(offset),
    		       bank->base);
    	regmap_update_bits(bank->map, offset,
    			   BIT(3), value);
    	if (value)
    		bank->set_dataout(bank, offset);
    	else
    		clear(bank);
    out:
    	raw_spin_unlock_irqrestore(&bank->lock, flags);
    }

    static struct gpio_chip chip = { .get = get, .set = omap_gpio_set };

    """

  private func file(_ text: String = driver) -> SourceFile { SourceFile(path: "a.c", bytes: Array(text.utf8)) }

  private func refusal(_ edit: (SourceFile) throws -> SourceFile) throws -> String {
    var edited: SourceFile?
    let error = #expect(throws: Mismatch.self) { edited = try edit(file()) }
    if let edited { print(String(decoding: edited.bytes, as: UTF8.self)) }
    let mismatch = try #require(error)
    return "\(mismatch.place.line ?? 0): \(mismatch.message): \(try #require(mismatch.remedy))"
  }

  @Test func textThatEndsInsideAnArgumentList() throws {
    #expect(
      try refusal { try $0.replacing(.text("regmap_update_bits(", in: nil), with: "\tregmap_set(") }
        == "10: this ends before its statement or declaration does: name whole statements up to the last token, "
        + "or use 'expression' or 'tokens' for a part")
  }

  @Test func textThatIsAPartOfADeclaration() throws {
    #expect(
      try refusal { try $0.replacing(.text("static void", in: nil), with: "static int") }
        == "1: this ends before its statement or declaration does: name whole declarations or definitions up to the "
        + "last token, or use 'expression' or 'tokens' for a part")
  }

  @Test func anAnchorInsideAnArgumentList() throws {
    #expect(
      try refusal {
        try $0.addingStatements(["x();"], to: "omap_gpio_set", at: .after("writel_relaxed(GPIO_bit(offset),"))
      } == "8: this ends before its statement or declaration does: name whole statements up to the last token, "
        + "or use 'expression' or 'tokens' for a part")
  }

  @Test func aDefinitionIsNoCall() throws {
    let error = #expect(throws: Mismatch.self) {
      try file().changingCalls(of: "omap_gpio_set", in: nil, to: "other", addingArgument: "1", count: nil)
    }
    #expect(error?.message == "the file does not call omap_gpio_set()")
    let both = file("int f(int a);\nint f(int a)\n{\n\tint f(int);\n\n\treturn a ? f(a - 1) : 0;\n}\n")
    let edited = try both.changingCalls(of: "f", in: nil, to: "g", addingArgument: "0", count: 1)
    #expect(
      String(decoding: edited.bytes, as: UTF8.self)
        == "int f(int a);\nint f(int a)\n{\n\tint f(int);\n\n\treturn a ? g(a - 1, 0) : 0;\n}\n")
  }

  @Test func aTypeIsNoPartOfAName() throws {
    #expect(
      try refusal {
        try $0.changingSignature(of: "static void omap_gpio_set", to: "x", addingParameter: nil)
      } == "0: 'static void omap_gpio_set' is not a function's name: write the name alone: 'omap_gpio_set'")
  }

  @Test func aFunctionWithoutATypeKeepsWhatStandsBeforeIt() throws {
    let edited = try file("int a;\n\nf(void)\n{\n}\n").changingSignature(of: "f", to: "g", addingParameter: "int x")
    #expect(String(decoding: edited.bytes, as: UTF8.self) == "int a;\n\ng(int x)\n{\n}\n")
  }

  @Test(arguments: ["if (!gc->set) gc", "1st", "", "a b", "return", "f(", "a.b"])
  func namesThatAreNone(name: String) throws {
    let answers = [
      try refusal { try $0.changingSignature(of: "omap_gpio_set", to: name, addingParameter: nil) },
      try refusal { try $0.addingStatements(["x();"], to: name, at: .after("x")) },
      try refusal { try $0.replacing(try $0.initialiser("set", value: "omap_gpio_set"), member: name, value: "x") },
      try refusal { try $0.replacing(.text("clear(bank);", in: .function(name)), with: "x();\n") },
    ]
    #expect(answers.allSatisfy { $0.contains("write the name alone") }, "\(answers)")
  }

  @Test(arguments: [
    // A part of a line, which the rest of it would follow or precede.
    ("static struct gpio_chip chip", "\tx"), ("bank->map, offset", "x"), ("clear(bank)", "x();\n"),
    // Text that is not whole, or would take what follows it into a comment, a string or a macro.
    ("clear(bank);", "\t\tx(\n"), ("clear(bank);", "\t\tx()\n"), ("clear(bank);", "\t\tx(); /*\n"),
    ("clear(bank);", "\t\tx(\"\n"), ("clear(bank);", "#define X \\\n"), ("clear(bank);", "#if X\n"),
    ("clear(bank);", "\t\t}\n"), ("unsigned long flags;", "\tunsigned long\n"), ("unsigned long flags;", "\tx = ;\n"),
    ("unsigned long flags;", "\tfoo bar baz;\n"), ("unsigned long flags;", "\tint flags\n"),
    // A branch is one statement.
    ("clear(bank);", "\t\ta();\n\t\tb();\n"), ("clear(bank);", "\t\tint x;\n"), ("clear(bank);", "/* nothing */\n"),
    ("if (value) bank->set_dataout(bank, offset);", "\tx();\n"), ("if (value)", "\twhile (value)\n"),
    ("if (value)", "\tif (value) {\n"),
  ])
  func textThatIsNotWhole(old: String, new: String) throws {
    _ = try refusal { try $0.replacing(.text(old, in: nil), with: new) }
  }

  @Test(arguments: [
    "clear(bank);", "if (value)", "raw_spin_unlock_irqrestore(&bank->lock, flags);", "unsigned offset", "out:",
  ])
  func whatMustStay(text: String) throws {
    _ = try refusal { try $0.removing(.text(text, in: .function("omap_gpio_set"))) }
  }

  @Test(arguments: ["clear(bank);", "if (value)", "BIT(3), value", "else"])
  func whereNothingCanBeInserted(text: String) throws {
    _ = try refusal { try $0.inserting("\tx();\n", after: .text(text, in: .function("omap_gpio_set"))) }
  }

  @Test func statementsThatAreNone() throws {
    for line in ["x(", "x()", "int", "}", "x = ;", "if (x)", "else y();", "/* x", "case 1:"] {
      _ = try refusal {
        try $0.addingStatements([line], to: "omap_gpio_set", at: .after("unsigned long flags;"))
      }
    }
  }

  @Test func anArgumentOrAValueThatIsNone() throws {
    for text in ["a b", "(", ")", "a;", "{", "a,", ""] {
      _ = try refusal {
        try $0.changingCalls(of: "clear", in: nil, to: "clear", addingArgument: text, count: nil)
      }
      _ = try refusal {
        try $0.replacing(try $0.initialiser("set", value: "omap_gpio_set"), member: "set_rv", value: text)
      }
      _ = try refusal {
        try $0.changingSignature(of: "omap_gpio_set", to: "omap_gpio_set", addingParameter: text + ";")
      }
    }
  }

  @Test func aPartOfALineIsReplacedInPlace() throws {
    let function = Construct.Scope.function("omap_gpio_set")
    let edited = try file()
      .replacing(.expression("value", in: function, count: 2), with: "!!value")
      .replacing(.expression("BIT(3)", in: function), with: "BIT(3) | BIT(4)")
      .replacing(.tokens("static void", in: function), with: "static int")
    let text = String(decoding: edited.bytes, as: UTF8.self)
    #expect(text.hasPrefix("static int omap_gpio_set("))
    #expect(text.contains("\t\t\t   BIT(3) | BIT(4), !!value);\n\tif (!!value)\n"))
  }

  @Test(arguments: [
    ("unsigned long", "long"), ("bank", "1"), ("BIT(3)", "a b"), ("flags", "flags)"), ("long flags", "x"),
    ("BIT(3), value", "value"), ("bank->base", "{"), ("offset", "offset"),
  ])
  func anExpressionThatIsNone(old: String, new: String) throws {
    _ = try refusal { try $0.replacing(.expression(old, in: nil, count: count(of: old)), with: new) }
  }

  private func count(of text: String) -> Int {
    let words = Self.driver.split { !($0.isLetter || $0 == "_" || $0.isNumber) }
    return words.count { $0 == text } == 0 ? 1 : words.count { $0 == text }
  }

  @Test func operatorsThatWouldRegroup() throws {
    let source = file("int f(int a, int b, int c)\n{\n\treturn a * (b + c) - b + c;\n}\n")
    #expect(throws: Mismatch.self) { try source.replacing(.expression("b + c", in: nil, count: 2), with: "b") }
    #expect(throws: Mismatch.self) { try source.replacing(.expression("a", in: .function("f")), with: "a + 1") }
    #expect(throws: Mismatch.self) { try source.replacing(.tokens("* (", in: nil), with: "+ b") }
    let edited = try source.replacing(.expression("(b + c)", in: nil), with: "b")
    #expect(String(decoding: edited.bytes, as: UTF8.self).contains("return a * b - b + c;"))
  }

  @Test func anInitialiserSharesItsLine() throws {
    let source = file()
    let set = try source.initialiser("set", value: "omap_gpio_set")
    #expect(try lastLine(source.removing(set)) == "static struct gpio_chip chip = { .get = get, };")
    #expect(
      try lastLine(source.adding(member: "put", value: "put", after: set))
        == "static struct gpio_chip chip = { .get = get, .set = omap_gpio_set, .put = put };")
    #expect(
      try lastLine(source.adding(member: "put", value: "put", after: try source.initialiser("get", value: "get")))
        == "static struct gpio_chip chip = { .get = get, .put = put, .set = omap_gpio_set };")
  }

  private func lastLine(_ file: SourceFile) throws -> String {
    String(try #require(String(decoding: file.bytes, as: UTF8.self).split(separator: "\n").last))
  }

  @Test func theLastInitialiserMayLackAComma() throws {
    let source = file("struct ops o = {\n\t.set = f\n};\n#define O \\\n\t.get = g, \\\n\t.put = p\n\nint x;\n")
    let set = try source.adding(member: "fetch", value: "n", after: try source.initialiser("set", value: "f"))
    let put = try set.adding(member: "drop", value: "d", after: try set.initialiser("put", value: "p"))
    #expect(
      String(decoding: put.bytes, as: UTF8.self)
        == "struct ops o = {\n\t.set = f,\n\t.fetch = n\n};\n"
        + "#define O \\\n\t.get = g, \\\n\t.put = p, \\\n\t.drop = d\n\nint x;\n")
  }

  @Test func aValueOfSeveralLinesGoesAsAWhole() throws {
    let source = file("struct ops o = {\n\t.set =\n\t\tf,\n\t.get = g,\n};\n")
    let edited = try source.removing(try source.initialiser("set", value: "f"))
    #expect(String(decoding: edited.bytes, as: UTF8.self) == "struct ops o = {\n\t.get = g,\n};\n")
  }

  @Test(arguments: ["\tif (x)\n\t\to->set = f;\n", "\to->set = o->get = f;\n", "\to->get = g, o->set = f;\n"])
  func anAssignmentThatIsNoStatement(body: String) throws {
    let source = file("void init(struct ops *o)\n{\n\(body)}\n")
    #expect(throws: Mismatch.self) { try source.removing(try source.initialiser("set", value: "f")) }
    #expect(throws: Mismatch.self) {
      try source.adding(member: "get", value: "g", after: try source.initialiser("set", value: "f"))
    }
  }

  @Test func anArmThatSharesItsLine() throws {
    for body in ["\tif (a) { b(); }\n", "\tif (a)\n\t\tb(); c();\n"] {
      #expect(throws: Mismatch.self) {
        try file("void f(void)\n{\n\(body)}\n").addingStatements(["x();"], to: "f", at: .when("a"))
      }
    }
  }

  @Test func membersThatShareADeclaration() throws {
    let source = file("struct s {\n#ifdef A\n\tint a;\n#endif\n\tint b, c;\n\tint d; int e;\n};\n")
    let edited = try source.removing(.member(structure: "s", name: "a"))
    #expect(String(decoding: edited.bytes, as: UTF8.self).hasPrefix("struct s {\n#ifdef A\n#endif\n"))
    for name in ["c", "d"] {
      #expect(throws: Mismatch.self) { try source.removing(.member(structure: "s", name: name)) }
    }
  }
}
