import CSource
import Testing

@testable import Verification

/// What text tells about exports and symbols.
@Suite struct ComputedExportTests {
  private func words(_ source: String) -> [[String]] {
    ComputedExport.found(in: "a.c", Array(source.utf8)).map(\.words)
  }

  @Test(arguments: [
    ("#define P(name) \\\n\tint x; \\\n\tEXPORT_SYMBOL(param_set_##name)\n", [["param_set_"]]),
    ("EXPORT_SYMBOL_NS_GPL(DOMAIN_NS(map_pages), \"PT\");\n", [["map_pages"]]),
    ("#define E(n) EXPORT_SYMBOL_GPL(a_##n##_b);\n", [["a_", "_b"]]),
    ("#define init PASTE(pt_, PREFIX, _init)\nEXPORT_SYMBOL_NS(init, \"PT\");\n", [["pt_", "_init"]]),
    ("#define twice(x) x\n#define off NULL\nEXPORT_SYMBOL(twice);\nEXPORT_SYMBOL(off);\n", []),
    ("EXPORT_SYMBOL(plain);\nEXPORT_SYMBOL_NS( spaced , \"A\");\n", []),
    ("#define DECLARE_EXPORT(name) EXPORT_SYMBOL(name)\n", []),
    (".macro thunk name\n\tEXPORT_SYMBOL(\\name)\n.endm\n", []),
    ("/* EXPORT_SYMBOL(...) and EXPORT_SYMBOL( \"", []),
  ]) func findsTheWrittenPartsOfNames(source: String, expected: [[String]]) {
    #expect(words(source) == expected)
  }

  @Test func aSymbolMustHaveAllParts() {
    let export = ComputedExport(file: "a.c", words: ["a_", "_b"])
    #expect(export.mayBe("a_x_b"))
    #expect(!export.mayBe("a_x_c"))
  }

  @Test func survivesAnyBytes() {
    for text in ["EXPORT", "EXPORT(", "EXPORT_SYMBOL(a##", "EXPORT_SYMBOL(((((", "\\\nEXPORT_SYMBOL(a+b)"] {
      _ = words(text)
    }
    _ = ComputedExport.found(in: "a.c", Array(0...255))
  }

  private func mentions(_ source: String, _ path: String = "a.c") -> SymbolMentions {
    SymbolMentions(of: "walk", in: path, Array(source.utf8))
  }

  @Test(arguments: [
    "int walk(int x)\n{\n}\n", "int walk;\n", "struct a walk = { 1 };\n", "int a, walk[3];\n",
    "void __init __attribute__((cold)) walk(void)\n{\n}\n", "struct a {\n\tint b;\n} walk = { 1 };\n",
    "int walk __read_mostly = 1;\n",
  ]) func knowsADefinition(source: String) {
    #expect(mentions(source).defines)
  }

  @Test(arguments: [
    "int walk(int x);\n", "extern int walk;\n", "struct walk {\n\tint a;\n};\n", "struct walk;\n", "// walk\n",
    "typedef int walk;\n", "int f(int walk);\n", "int a[walk];\n", "static int f(void)\n{\n\tint walk;\n}\n",
    "static int walk(void)\n{\n}\n", "module_init(walk);\n", "DECLARE_STATIC_KEY_FALSE(walk);\n",
  ]) func knowsWhatIsNone(source: String) {
    #expect(!mentions(source).defines && !mentions(source).mayDefine)
  }

  @Test func knowsExportsUsesAndStatics() {
    #expect(mentions("EXPORT_SYMBOL_NS_GPL(walk, \"A\");\n").exports)
    #expect(SymbolMentions.exports("walk", in: Array("BRCMF_EXPORT_SYMBOL_GPL( walk);\n".utf8)))
    #expect(!SymbolMentions.exports("walk", in: Array("EXPORT_SYMBOL(walker); call(walk);\n".utf8)))
    #expect(mentions("static int walk(void)\n{\n}\n").definesStatic)
    #expect(mentions("DEFINE_MUTEX(walk);\n").mayDefine)
    #expect(mentions("static DEFINE_MUTEX(walk);\n").definesStatic)
    let use = mentions("/* walk */\nint step(void)\n{\n\treturn walk(1);\n}\nint (*p)(int) = walk;\n")
    #expect(use.use == 4)
    #expect(use.users == ["step"])
    #expect(mentions("#define step() walk(1)\n").users == ["step"])
    #expect(mentions("asm(\".globl walk\\nwalk:\\n\");\n").mayDefine)
  }

  @Test func readsAssembler() {
    #expect(mentions("SYM_FUNC_START(walk)\n", "a.S").mayDefine)
    #expect(mentions("\tcall walk\n", "a.S") == mentions("\n\tcall\twalk\n", "a.S").movedUp)
    #expect(mentions("\tcall walk\n", "a.S").use == 1)
    #expect(mentions("EXPORT_SYMBOL(walk)\n", "a.S").exports)
  }
}

extension SymbolMentions {
  fileprivate var movedUp: SymbolMentions {
    var copy = self
    copy.use = use.map { $0 - 1 }
    return copy
  }
}
