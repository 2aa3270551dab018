import Testing

@testable import Proving

@Suite struct KtapReaderTests {
  private func tests(_ console: String) -> [String] {
    KtapReader.tests(console.split(separator: "\n")).map { test in
      "\(test.verdict) \(test.suite) | \(test.name)" + test.lines.map { " | \($0)" }.joined()
    }
  }

  @Test func aReportOfKUnit() {
    let console = """
      Linux version 7.1.3
      KTAP version 1
      1..2
          KTAP version 1
          # Subtest: vtdss_iommu_test
          # module: kunit_iommu_pt
          1..3
          ok 1 test_init
              KTAP version 1
              # Subtest: test_map
              1..2
              ok 1 param one
              # test_map: EXPECTATION FAILED at drivers/iommu/kunit_iommu.h:12
              not ok 2 param two
          # test_map: pass:1 fail:1 skip:0 total:2
          not ok 2 test_map
          ok 3 - test_dirty # SKIP no dirty bits
      # vtdss_iommu_test: pass:1 fail:1 skip:1 total:3
      not ok 1 vtdss_iommu_test
          KTAP version 1
          # Subtest: io-pgtable-arm-test
          1..1
          # arm_lpae_do_selftests: completed with 63 PASS 0 FAIL
          ok 1 arm_lpae_do_selftests
      ok 2 io-pgtable-arm-test
      """
    #expect(
      tests(console) == [
        "passed vtdss_iommu_test | test_init | # module: kunit_iommu_pt",
        "passed vtdss_iommu_test | test_map/param one",
        "failed vtdss_iommu_test | test_map/param two"
          + " | # test_map: EXPECTATION FAILED at drivers/iommu/kunit_iommu.h:12",
        "skipped vtdss_iommu_test | test_dirty",
        "passed io-pgtable-arm-test | arm_lpae_do_selftests"
          + " | # arm_lpae_do_selftests: completed with 63 PASS 0 FAIL",
      ])
  }

  @Test func aSuiteThatFailsThoughNoneOfItsTestsDoes() {
    let console = """
      KTAP version 1
          KTAP version 1
          # Subtest: suite
          ok 1 test
          # suite: exit failed
      not ok 1 suite
      """
    #expect(tests(console) == ["passed suite | test", "failed suite |  | # suite: exit failed"])
  }

  @Test func whatIsMissingWhereAMachineDies() {
    let console = """
      KTAP version 1
          KTAP version 1
          # Subtest: suite
          1..3
          ok 1 first
      BUG: kernel NULL pointer dereference, address: 0000000000000000
      Kernel panic - not syncing: Fatal exception
      """
    #expect(tests(console) == ["passed suite | first"])
  }

  @Test func theReportOfTheFirstProcessAfterThatOfTheKernel() {
    let console = """
      KTAP version 1
          KTAP version 1
          # Subtest: suite
          ok 1 test
      ok 1 suite
      Run /init as init process
      KTAP version 1
          KTAP version 1
          # Subtest: vfio
          1..1
          # walks: bytes=1
          ok 1 2 MiB
      ok 1 vfio
      1..1
      """
    #expect(tests(console) == ["passed suite | test", "passed vfio | 2 MiB | # walks: bytes=1"])
  }

  @Test(arguments: ["okay 1 test", "ok test", "ok 1st test", "not ok", "# ok 1 test"])
  func whatIsNoResult(_ line: String) {
    #expect(tests("KTAP version 1\n" + line) == [])
  }

  @Test func resultsOutsideOfAReportDoNotCount() {
    #expect(tests("ok 1 test") == [])
  }
}
