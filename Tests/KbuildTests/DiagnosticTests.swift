import Diagnostics
import Testing

@testable import Kbuild

@Suite struct DiagnosticTests {
  private func parse(_ text: String) -> [Diagnostic] {
    let paths = TreePaths(source: "/src", build: "/build")
    return Diagnostic.parse(text) { paths.short($0) }
  }

  @Test func readsPlacesAndAttachesNotes() {
    let text = """
      In file included from /src/drivers/iommu/a.c:29:
      In file included from /src/drivers/iommu/b.h:7:
      /src/include/linux/iommu.h:149:1: error: type specifier missing, defaults to 'int' [-Wimplicit-int]
      /src/drivers/iommu/a.c:860:4: error: field designator 'x' does not refer to any field
      /src/include/linux/iommu.h:777:16: note: 'y' declared here
      /src/drivers/iommu/arm/../a.c:9:12: warning: unused function 'f: error: no' [-Wunused-function]
      1 warning and 2 errors generated.
      """
    #expect(
      parse(text) == [
        Diagnostic(
          file: "include/linux/iommu.h", line: 149, column: 1, severity: .error,
          message: "type specifier missing, defaults to 'int' [-Wimplicit-int]",
          notes: ["included from drivers/iommu/a.c:29", "included from drivers/iommu/b.h:7"]),
        Diagnostic(
          file: "drivers/iommu/a.c", line: 860, column: 4, severity: .error,
          message: "field designator 'x' does not refer to any field",
          notes: ["include/linux/iommu.h:777:16: note: 'y' declared here"]),
        Diagnostic(
          file: "drivers/iommu/a.c", line: 9, column: 12, severity: .warning,
          message: "unused function 'f: error: no' [-Wunused-function]"),
      ])
  }

  @Test func readsWhatOnlyCodeGenerationReports() {
    let text = """
      /src/drivers/iommu/a.c:1093:27: error: call to '__compiletime_assert_545' declared with 'error' attribute: BUILD_BUG_ON failed: sizeof(long) == 8
      /src/include/linux/build_bug.h:51:2: note: expanded from macro 'BUILD_BUG_ON'
      <scratch space>:18:1: note: expanded from here
      <inline asm>:3:2: error: invalid instruction
      """
    let diagnostics = parse(text)
    #expect(diagnostics.map(\.file) == ["drivers/iommu/a.c", "<inline asm>"])
    #expect(diagnostics.first?.notes.count == 2)
    #expect(diagnostics.first?.notes.last == "<scratch space>:18:1: note: expanded from here")
  }

  @Test func readsMessagesWithoutAPlace() {
    let diagnostics = parse(
      """
      clang-19: error: unable to execute command: Killed
      error: unknown warning option '-Wx' [-Wunknown-warning-option]
      fatal error: error in backend: out of memory
      /src/a.c:3:10: fatal error: 'b.h' file not found
      what an error: this is prose
      """)
    #expect(diagnostics.map(\.severity) == [.error, .error, .error, .error])
    #expect(diagnostics.map(\.file) == [nil, nil, nil, "a.c"])
    #expect(diagnostics[2].message == "error in backend: out of memory")
  }
}
