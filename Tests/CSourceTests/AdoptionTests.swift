import Diagnostics
import Testing

@testable import CSource

@Suite struct AdoptionTests {
  private let source = """
    static void foo_set(struct gpio_chip *gc, unsigned int offset,
    		    int value);

    /* Sets a line. */
    static void foo_set(struct gpio_chip *gc, unsigned int offset,
    		    int value)
    {
    	struct foo *foo = gpiochip_get_data(gc);

    	writel(value, foo->base + offset);	/* the register */
    }

    static int foo_get(struct gpio_chip *gc, unsigned int offset)
    {
    	return readl(foo);
    }

    static const struct gpio_chip foo_chip = {
    	.label		= "foo",
    	.get		= foo_get,
    	.set		= foo_set,
    	.base		= -1,
    };

    """

  private func adopting(_ changes: [(String, String)], in names: [String]) throws -> String {
    let other = changes.reduce(source) { $0.replacing($1.0, with: $1.1) }
    let file = SourceFile(path: "foo.c", bytes: Array(source.utf8))
    return String(decoding: try file.adopting(Array(other.utf8), in: names).bytes, as: UTF8.self)
  }

  private func refusal(_ changes: [(String, String)], in names: [String]) -> Mismatch? {
    do {
      _ = try adopting(changes, in: names)
      return nil
    } catch { return error as? Mismatch }
  }

  private let body = [
    ("static void foo_set", "static int foo_set"), ("/* the register */", "/* the register */\n\treturn 0;"),
  ]

  @Test func aFunctionAndItsPrototypeAreTaken() throws {
    // Another program may lay out the rest of the file as it likes.
    let text = try adopting(
      body + [(".get\t\t= foo_get", ".get = foo_get"), ("\treturn readl", "    return readl")],
      in: ["foo_set"])
    #expect(
      text
        == source.replacing("static void foo_set", with: "static int foo_set")
        .replacing("offset,\n\t\t    int value)", with: "offset, int value)")
        .replacing("/* the register */", with: "/* the register */\n\treturn 0;"))
  }

  @Test func aTableKeepsItsAlignment() throws {
    func table(_ old: String, _ new: String) throws -> String { try adopting([(old, new)], in: ["foo_chip"]) }
    #expect(
      try table(".set\t\t= foo_set", ".set_rv = foo_set")
        == source.replacing(".set\t\t= foo_set", with: ".set_rv\t\t= foo_set"))
    #expect(
      try table("\t.set\t\t= foo_set,\n", "\t.set\t\t= foo_set,\n\t.set_config = foo_config,\n")
        == source.replacing("\t.base", with: "\t.set_config\t= foo_config,\n\t.base"))
    #expect(try table("\t.set\t\t= foo_set,\n", "") == source.replacing("\t.set\t\t= foo_set,\n", with: ""))
  }

  @Test func bothAtOnce() throws {
    let text = try adopting(body + [(".set\t\t= foo_set", ".set_rv = foo_set")], in: ["foo_chip", "foo_set"])
    #expect(text.contains("\t.set_rv\t\t= foo_set,\n\t.base") && text.contains("\treturn 0;\n}"))
  }

  @Test func anythingElseIsRefused() throws {
    let other = try #require(refusal(body + [("return readl(foo)", "return 0")], in: ["foo_set"]))
    #expect(other.message == "the rules change more than they may: function 'foo_get'")
    #expect(other.place.line == 15)
    let added = refusal(body + [("/* Sets a line. */", "int helper(void)\n{\n\treturn 1;\n}\n")], in: ["foo_set"])
    #expect(added?.message.hasPrefix("the rules change more than they may") == true)
    #expect(refusal([], in: ["foo_set"])?.message == "the rules change nothing in 'foo_set'")
    #expect(refusal(body, in: ["foo_set", "foo_get"])?.message == "the rules change nothing in 'foo_get'")
    #expect(refusal(body, in: ["foo_sets"])?.message == "has no function or table 'foo_sets'")
    #expect(refusal([("writel(value,", "writel((value,")], in: ["foo_set"])?.message.contains("bracket") == true)
  }

  private func taken(_ old: String, _ new: String, in names: [String]) throws -> String {
    let file = SourceFile(path: "a.c", bytes: Array(old.utf8))
    return String(decoding: try file.adopting(Array(new.utf8), in: names).bytes, as: UTF8.self)
  }

  @Test func aBlockAtTheEndBelongsToTheFunction() throws {
    let old = "void f(int a)\n{\n\tif (a) {\n\t\tg();\n\t}\n}\n\nint b;\n"
    let new = old.replacing("\t}\n}", with: "\t}\n\tif (b) {\n\t\tg();\n\t}\n}")
    #expect(try taken(old, new, in: ["f"]) == new)
    #expect(try taken(new, old, in: ["f"]) == old)
  }

  @Test func aHeaderThatDoesNotChangeStays() throws {
    let old = "static void f(int a,\n\t\tint b)\n{\n\tg(1);\n}\n"
    #expect(try taken(old, old.replacing("g(1)", with: "g(2)"), in: ["f"]) == old.replacing("g(1)", with: "g(2)"))
    let attribute = "static __attribute__((unused)) void f(int a,\n\t\t\t\t\t     int b)\n{\n}\n"
    #expect(
      try taken(attribute, attribute.replacing("void f", with: "int f"), in: ["f"])
        == "static __attribute__((unused)) int f(int a, int b)\n{\n}\n")
  }

  @Test func tablesInTablesKeepTheirAlignment() throws {
    let old =
      "static struct ops all[] = {\n\t{\n\t\t.flags\t= 1,\n\t\t.set\t= f,\n\t},\n\t[2] = {\n\t\t.set\t= f,\n\t},\n};\n"
    let plain = old.replacing(".set\t= f", with: ".set_rv = f")
    #expect(try taken(old, plain, in: ["all"]) == old.replacing(".set\t", with: ".set_rv\t"))
    let short = old.replacing(".set\t= f", with: ".put = f")
    #expect(try taken(old, short, in: ["all", "all"]) == old.replacing(".set\t", with: ".put\t"))
    #expect(try taken(old, old.replacing("[2]", with: "[3]"), in: ["all"]) == old.replacing("[2]", with: "[3]"))
    // What has no member's name is taken as it is.
    let positional = "static int list[] = {\n\t1,\t/* one */\n\t2,\n};\n"
    #expect(
      try taken(positional, positional.replacing("2,", with: "3, 4,"), in: ["list"])
        == positional.replacing("2,", with: "3, 4,"))
  }
}
