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

  @Test func namesTheToolWhereThereIsNoPlace() {
    #expect(
      Printer(color: false).text(Finding(at: nil, "no patches in 'out'")) == "seriesmith: error: no patches in 'out'")
  }
}
