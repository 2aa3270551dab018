import Testing

@testable import Proving

@Suite struct BootLogTests {
  private func log(_ lines: String..., timedOut: Bool = false) -> BootLog {
    // With the line ends of a serial console.
    BootLog(console: lines.map { $0 + "\r\n" }.joined(), timedOut: timedOut)
  }

  @Test func howItEnded() {
    #expect(log("[    1.5] Linux", "prove: done").ending == .finished)
    #expect(log("[    1.5] Kernel panic - not syncing: Attempted to kill init!").ending == .died)
    #expect(log("Decompressing Linux...", timedOut: true).ending == .hung)
    #expect(log("Decompressing Linux...", timedOut: true).tail == ["Decompressing Linux..."])
  }

  @Test func timesOfTheKernelDoNotCount() {
    let log = log("[    0.000000] KTAP version 1", "[   12.100000] ok 1 test", "prove: done")
    #expect(log.tests.map(\.suite) == ["test"])
  }

  @Test(arguments: [
    (
      "WARNING: drivers/vfio/vfio_iommu_type1.c:1186 at vfio_unmap_unpin+0x3c/0x2a0, CPU#0: init/1",
      "vfio_unmap_unpin"
    ),
    (
      "WARNING: CPU: 0 PID: 1 at drivers/iommu/io-pgtable-arm-v7s.c:812 arm_v7s_do_selftests+0x1/0x2",
      "arm_v7s_do_selftests"
    ),
    (
      "BUG: kernel NULL pointer dereference, address: 0000000000000000", "BUG: kernel NULL pointer dereference, address"
    ),
    ("INFO: task init:1 blocked for more than 120 seconds.", "INFO: task init"),
    ("watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [init:1]", "watchdog: BUG: soft lockup - CPU#"),
    ("UBSAN: shift-out-of-bounds in drivers/iommu/iommu.c:12:3", "UBSAN: shift-out-of-bounds in drivers/iommu/iommu.c"),
  ])
  func whatTheKernelWarnsOf(_ line: String, _ function: String) {
    #expect(log("[    1.0] " + line).warnings == [function: line])
  }

  @Test func anOrdinaryLineIsNoWarning() {
    #expect(log("iommu: WARNING is a word", "debug: nothing").warnings.isEmpty)
  }
}

@Suite struct CountLineTests {
  @Test func aLineOfTheFirstProcess() throws {
    let text =
      "# walks: bytes=2097152 leaf=4096 leaves=512 pieces=18 instructions=812 iova_to_phys=530 iova_to_pgsize=512"
    let line = try #require(CountLine(text, of: .walks))
    #expect(line.measured == [2_097_152, 4096])
    #expect(line.bound == 512)
    #expect(line.slack == 18)
    #expect(line.besides == [812])
    #expect(line.parts == ["iova_to_phys": 530, "iova_to_pgsize": 512])
    #expect(line.total == 1042)
  }

  @Test(arguments: [
    "# walks: bytes=2097152 leaf=4096 leaves=18 pieces=1",
    "# walks: bytes=2097152 leaf=4096 leaves=x pieces=1 instructions=1",
    "walks: bytes=2097152 leaf=4096 leaves=18 pieces=1 instructions=1",
    "# walks: leaf=4096 leaves=18 pieces=1 instructions=1",
    "# walks: bytes=2097152 leaf=4096 pieces=1 instructions=1",
    "# walks: bytes=2097152 leaf=4096 leaves=18 instructions=1",
  ])
  func whatIsNoCount(_ line: String) {
    #expect(CountLine(line, of: .walks) == nil)
  }

  /// A counter's description says what its lines contain.
  @Test func aCounterThatOnlyCounts() throws {
    let line = try #require(CountLine("# locks: taken=3 retaken=1", of: .locks))
    #expect(line.measured == [])
    #expect(line.parts == ["taken": 3, "retaken": 1])
    #expect(CountLine("# locks: taken=3", of: .walks) == nil)
  }
}
