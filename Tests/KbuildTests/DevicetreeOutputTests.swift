import Diagnostics
import Testing

@testable import Kbuild

@Suite struct DevicetreeOutputTests {
  private func problems(_ text: String) -> [String] {
    Diagnostic.ofDevicetrees(text, in: SourceTree(path: "/tree", tree: "")).map {
      "\($0.severity) \($0.file ?? "-"):\($0.line ?? 0): \($0.message)"
    }
  }

  @Test func dtcAndThePreprocessorAreRead() {
    #expect(
      problems(
        """
          DTC     arch/arm64/boot/dts/one.dtb
        /tree/arch/arm64/boot/dts/one.dtsi:12.3-15.5: Warning (unit_address_format): /soc/a@0x1: unit name should not
        Error: /tree/arch/arm64/boot/dts/one.dtsi:20.1-8 Label or path nothing not found
        FATAL ERROR: Syntax error parsing input tree
        arch/arm64/boot/dts/one.dtb: ERROR (phandle_references): /a: Reference to non-existent node or label "b"
        /tree/arch/arm64/boot/dts/two.dts:10:10: fatal error: 'none.h' file not found
        make[3]: *** [/tree/scripts/Makefile.dtbs:140: arch/arm64/boot/dts/one.dtb] Error 1
        """) == [
          "error arch/arm64/boot/dts/two.dts:10: 'none.h' file not found",
          "warning arch/arm64/boot/dts/one.dtsi:12: (unit_address_format): /soc/a@0x1: unit name should not",
          "error arch/arm64/boot/dts/one.dtsi:20: Label or path nothing not found",
          "error arch/arm64/boot/dts/one.dtb:0: (phandle_references): /a: Reference to non-existent node or label \"b\"",
        ])
  }
}
