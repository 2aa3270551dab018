import PatchSeries
import Testing

@Suite struct FileModeTests {
  @Test(arguments: FileMode.allCases) func writesSixOctalDigits(_ mode: FileMode) {
    #expect(mode.octal.count == 6)
    #expect(FileMode(octal: mode.octal) == mode)
  }
}
