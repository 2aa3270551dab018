import Diagnostics
import Testing

@Suite struct PrinterTests {
  @Test func printsAFindingAsCompilersDo() {
    let finding = Finding(
      at: Place("drivers/exynos.yaml", line: 4, column: 3), "unknown key 'lenght'", notes: ["did you mean 'length'?"])
    #expect(
      Printer(color: false).text([finding]) == """
        drivers/exynos.yaml:4:3: error: unknown key 'lenght'
            did you mean 'length'?

        """)
  }

  /// A patch may hold sequences that clear the screen or change the terminal's title.
  @Test func showsNothingThatATerminalObeys() {
    let finding = Finding(at: Place("\u{1b}]0;a\u{7}"), "a\u{1b}[2Jb\u{9b}1m", notes: ["c\r\tcaf\u{e9}\nd"])
    #expect(
      Printer(color: false).text(finding)
        == "^[]0;a^G: error: a^[[2Jb\u{fffd}1m\n    c^M\tcaf\u{e9}\n    d")
  }

  @Test func namesTheToolWhereThereIsNoPlace() {
    #expect(
      Printer(color: false).text(Finding(at: nil, "no patches in 'out'")) == "seriesmith: error: no patches in 'out'")
  }
}
