import CSource
import Diagnostics
import Testing

@Suite struct KernelDocTests {
  private func excess(_ text: String) -> [String] {
    SourceFile(path: "a.h", bytes: Array(text.utf8)).excessDescriptions().map {
      "\($0.place.line ?? 0): \($0.structure).\($0.name)"
    }
  }

  @Test func aDescriptionOfAMemberThatIsGoneIsExcess() {
    let text = """
      /**
       * struct ops - what a driver does
       * @map: map it
       * @gone: was there once,
       *        in two lines
       * @hw: what the hardware has
       * @hw.base: an address: see @never
       * @hw.size: its size
       */
      struct ops {
      \tint (*map)(int x);
      \tstruct { int base; } hw;
      };
      """
    #expect(excess(text) == ["4: ops.gone", "8: ops.size"])
  }

  @Test func whatIsNoKernelDocDescribesNothing() {
    #expect(excess("/*\n * @gone: two\n */\nstruct a {\n\tint b;\n};\n").isEmpty)
    #expect(excess("/**\n * f - do\n * @gone: two\n */\nvoid f(int b);\nstruct a {\n\tint b;\n};\n").isEmpty)
    #expect(excess("/**\n * struct a - an a\n * @b: named by a macro\n */\nstruct a {\n\tDECLARE(b);\n};\n").isEmpty)
  }
}
