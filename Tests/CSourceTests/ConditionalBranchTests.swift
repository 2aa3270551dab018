import Testing

@testable import CSource

@Suite struct ConditionalBranchTests {
  private func branches(_ text: String) -> [ConditionalBranch] {
    ConditionalBranch.branches(of: SourceFile(path: "a.h", bytes: Array(text.utf8)))
  }

  @Test func knowsWhatKeepsEachBranch() {
    let found = branches(
      """
      #ifndef _A_H
      #define _A_H
      int always;
      #ifdef CONFIG_IOMMU_API
      int f(void);
      #else
      static inline int f(void) { return 0; }
      #endif
      #if 0
      int never;
      #endif
      #endif

      """)
    #expect(found.map(\.condition) == ["#ifdef CONFIG_IOMMU_API", "#else of #ifdef CONFIG_IOMMU_API", "#if 0"])
    #expect(found.map(\.lines) == [5..<6, 7..<8, 10..<11])
    #expect(found.map(\.options) == [["CONFIG_IOMMU_API": true], ["CONFIG_IOMMU_API": false], nil])
    #expect(ConditionalBranch.innermost(at: 3, among: found) == nil)
    #expect(ConditionalBranch.innermost(at: 7, among: found)?.directive == 6)
  }

  @Test(
    arguments: [
      ("#if defined(CONFIG_A) && !IS_ENABLED(CONFIG_B)", ["CONFIG_A": true, "CONFIG_B": false]),
      ("#if IS_ENABLED(CONFIG_A) || defined CONFIG_B", ["CONFIG_A": true]), ("#ifndef CONFIG_A", ["CONFIG_A": false]),
      ("#if CONFIG_A > 3", nil), ("#ifdef __ASSEMBLY__", nil),
    ] as [(String, [String: Bool]?)])
  func readsWhatConditionsAsk(directive: String, options: [String: Bool]?) {
    #expect(branches("\(directive)\nint a;\n#endif\n").map(\.options) == [options])
  }

  @Test func branchesInsideOthersNeedBoth() {
    let found = branches(
      "#ifdef CONFIG_A\n#ifdef CONFIG_B\nint b;\n#elif defined(CONFIG_C)\nint c;\n#else\nint d;\n#endif\n#endif\n")
    #expect(
      found.map(\.options) == [
        ["CONFIG_A": true], ["CONFIG_A": true, "CONFIG_B": true],
        ["CONFIG_A": true, "CONFIG_B": false, "CONFIG_C": true],
        ["CONFIG_A": true, "CONFIG_B": false, "CONFIG_C": false],
      ])
  }

  @Test(arguments: [
    "#endif\n", "#else\n", "#if\n", "#ifdef\n", "#if defined(\n#endif\n", "#elif\n#endif\n", "#if A\n#else\n#else\n",
  ])
  func unbalancedConditionalsAreRead(text: String) { _ = branches(text) }
}
