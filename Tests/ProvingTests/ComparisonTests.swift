import Descriptions
import Diagnostics
import Testing
import Verification

@testable import Proving

@Suite struct ComparisonTests {
  private static let boots = ["selftests", "unmap"].map {
    BootDescription(
      name: $0, why: "tests", states: $0 == "unmap" ? .ends : .all, kernelArguments: "", timeLimit: .seconds(1))
  }

  private func run(_ index: Int, _ selftests: String?, unmap: String? = nil) -> StateResult {
    var run = StateResult(index: index, subject: index == 0 ? nil : "iommu: change \(index)")
    for (name, console) in [("selftests", selftests), ("unmap", unmap)] {
      run.logs[name] = console.map { BootLog(console: "KTAP version 1\n" + $0, timedOut: false) }
    }
    return run
  }

  private func messages(
    _ runs: StateResult..., counters: [CounterDescription] = [.walks]
  ) -> (verdict: ProveReport.Verdict, text: String) {
    let report = ProveReport(runs, trees: [], boots: Self.boots, counters: counters)
    return (report.verdict, Printer(color: false).text(report.findings.map(\.finding)))
  }

  private static let good = "ok 1 map\nok 2 unmap\nprove: done\n"

  private func walks(_ path: String, _ calls: String, leaves: Int = 512, pieces: Int = 1, instructions: Int = 10)
    -> String
  {
    """
        KTAP version 1
        # Subtest: \(path)
        # walks: bytes=2097152 leaf=4096 leaves=\(leaves) pieces=\(pieces) instructions=\(instructions) \(calls)
        ok 1 small
    ok 1 \(path)
    prove: done
    """
  }

  @Test func whatStaysAsItWasHolds() {
    let (verdict, text) = messages(run(0, Self.good), run(1, Self.good), run(2, Self.good))
    #expect(verdict == .holds)
    #expect(text == "")
  }

  @Test func aTestThatPassedAndFails() {
    let bad = "# map: 512 is not 1\nnot ok 1 map\nok 2 unmap\nprove: done\n"
    let (verdict, text) = messages(run(0, Self.good), run(1, bad), run(2, bad))
    #expect(verdict == .fails)
    // Only in the state where it begins.
    #expect(
      text == """
        seriesmith: error: state 1/2 (iommu: change 1), selftests: map passed before and now fails
            # map: 512 is not 1

        """)
  }

  @Test func aTestOfOursEndsWithWhatItTests() {
    let ours = Self.good + "KTAP version 1\n    # Subtest: prove_old\n    ok 1 lengths\nok 3 prove_old\n"
    var before = run(1, ours)
    before.additions = ["prove_old", "prove_new"]
    var after = run(2, Self.good)
    after.additions = ["prove_new"]
    #expect(messages(run(0, Self.good), before, after) == (.holds, ""))
    after.additions.insert("prove_old")
    #expect(
      messages(run(0, Self.good), before, after).text.contains("prove_old: lengths passed before and is now gone"))
  }

  @Test func whatIsSaidOfATestBeginsWithTheFirstExpectation() {
    let lines = ["# a warning", "# map: EXPECTATION FAILED at a.c:1"] + (1...20).map { "# map: line \($0)" }
    let bad = (lines + ["not ok 1 map", "ok 2 unmap", "prove: done"]).joined(separator: "\n") + "\n"
    let text = messages(run(0, Self.good), run(1, bad)).text
    #expect(text.contains("passed before and now fails\n    # map: EXPECTATION FAILED at a.c:1\n    # map: line 1\n"))
    #expect(text.hasSuffix("    # map: line 11\n    … and 9 more lines\n"))
  }

  @Test func aTestThatIsGoneOrSkipped() {
    let (verdict, text) = messages(run(0, Self.good), run(1, "ok 1 map # SKIP no\nprove: done\n"))
    #expect(verdict == .fails)
    #expect(
      text == """
        seriesmith: error: state 1/1 (iommu: change 1), selftests: map passed before and is now skipped
        seriesmith: error: state 1/1 (iommu: change 1), selftests: unmap passed before and is now gone

        """)
  }

  @Test func aMachineThatDies() {
    let (verdict, text) = messages(run(0, Self.good), run(1, "ok 1 map\nKernel panic - not syncing\n"))
    #expect(verdict == .fails)
    #expect(
      text == """
        seriesmith: error: state 1/1 (iommu: change 1), selftests: the machine died; unmap is the first of 1 tests that \
        passed before
            KTAP version 1
            ok 1 map
            Kernel panic - not syncing

        """)
  }

  @Test func aNewWarningOfTheKernel() {
    let warning = "WARNING: drivers/vfio/type1.c:12 at vfio_unmap+0x3/0x4\n"
    let elsewhere = "WARNING: drivers/vfio/type1.c:99 at vfio_unmap+0x7/0x8\n"
    #expect(messages(run(0, Self.good), run(1, warning + Self.good)).verdict == .fails)
    #expect(messages(run(0, warning + Self.good), run(1, elsewhere + Self.good)).verdict == .holds)
  }

  @Test func whatTheBaseDoesNotHoldIsNotTheSeriesFault() {
    let bad = "not ok 1 map\nok 2 unmap\nprove: done\n"
    let (verdict, text) = messages(run(0, bad), run(1, bad))
    #expect(verdict == .holds)
    #expect(text == "seriesmith: warning: the base, selftests: map fails\n")
    #expect(messages(run(0, "ok 1 map\n"), run(1, Self.good)).verdict == .incomplete)
  }

  @Test func aKernelThatDoesNotBuild() {
    var broken = run(1, nil)
    broken.buildErrors = ["drivers/a.c:1:1: error: no"]
    let (verdict, text) = messages(run(0, Self.good), broken, run(2, Self.good))
    #expect(verdict == .fails)
    #expect(
      text == """
        seriesmith: error: state 1/2 (iommu: change 1): the kernel does not build
            drivers/a.c:1:1: error: no

        """)
  }

  @Test func walksOfTheBaseAgainstTheLastState() {
    let base = run(0, nil, unmap: walks("vfio", "old=529"))
    let tip = run(2, nil, unmap: walks("vfio", "new=1"))
    let report = ProveReport([base, run(1, nil), tip], trees: [], boots: Self.boots, counters: [.walks])
    #expect(report.verdict == .holds)
    #expect(
      report.counters == [
        .init(
          description: .walks,
          counts: [
            .init(
              suite: "vfio", measured: [2_097_152, 4096], before: 529, after: 1,
              besides: [.init(before: 10, after: 10)])
          ])
      ])
  }

  @Test func aSeriesThatChangesWalksMakesOneForEachLeaf() {
    let base = run(0, nil, unmap: walks("vfio", "f=1023"))
    let verdict = { (walks: String) in messages(base, run(1, nil, unmap: walks)).verdict }
    #expect(verdict(walks("vfio", "f=512")) == .holds)
    #expect(verdict(walks("vfio", "f=1023")) == .holds)
    #expect(verdict(walks("vfio", "f=1024")) == .fails)
    let (fallen, text) = messages(base, run(1, nil, unmap: walks("vfio", "f=513")))
    #expect(fallen == .fails)
    #expect(
      text == """
        seriesmith: error: state 1/1 (iommu: change 1), unmap: vfio: unmapping 2 MiB in leaves of 4 KiB takes 513 walks, \
        although the number of leaves is 512
            before: f 1023; the number of leaves is 512; the memory lies in 1 pieces
            after: f 513; the number of leaves is 512; the memory lies in 1 pieces

        """)
  }

  /// A look-ahead takes a walk more for each piece, in whatever number of pieces the memory lies in that boot.
  @Test func memoryMayLieInOtherPieces() {
    let base = run(0, nil, unmap: walks("vfio", "f=530", pieces: 18))
    let verdict = { (walks: String) in messages(base, run(1, nil, unmap: walks)).verdict }
    #expect(verdict(walks("vfio", "f=533", pieces: 21)) == .holds)
    #expect(verdict(walks("vfio", "f=520", pieces: 8)) == .holds)
    #expect(verdict(walks("vfio", "f=534", pieces: 21)) == .fails)
    #expect(verdict(walks("vfio", "f=520", pieces: 18)) == .fails)
    #expect(verdict(walks("vfio", "f=512", pieces: 21)) == .holds)
  }

  /// That one mapping takes as many walks as before is no excuse where the series makes others take fewer.
  @Test func aMappingThatASeriesLeavesOut() {
    let both = { (first: String, second: String) in
      """
          KTAP version 1
          # Subtest: vfio
          # walks: bytes=2097152 leaf=2097152 leaves=1 pieces=1 instructions=10 f=\(first)
          ok 1 large
          # walks: bytes=2097152 leaf=4096 leaves=512 pieces=1 instructions=10 f=\(second)
          ok 2 scattered
      ok 1 vfio
      prove: done
      """
    }
    let base = run(0, nil, unmap: both("512", "1023"))
    #expect(messages(base, run(1, nil, unmap: both("512", "1023"))).verdict == .holds)
    #expect(messages(base, run(1, nil, unmap: both("1", "1023"))).verdict == .fails)
    #expect(messages(base, run(1, nil, unmap: both("1", "512"))).verdict == .holds)
  }

  @Test func instructionsMayGrowByAFewPercent() {
    let unmap = { (instructions: Int) in walks("vfio", "f=1", instructions: instructions) }
    let base = run(0, nil, unmap: unmap(1000))
    #expect(messages(base, run(1, nil, unmap: unmap(1100))).verdict == .holds)
    let (verdict, text) = messages(base, run(1, nil, unmap: unmap(1101)))
    #expect(verdict == .fails)
    #expect(text.contains("takes 1101 instructions, more than 10 % above the 1000 at the base"), "\(text)")
  }

  @Test func aWalkThatIsDoubled() {
    let (verdict, text) = messages(
      run(0, nil, unmap: walks("vfio", "to_phys=529")),
      run(1, nil, unmap: walks("vfio", "to_phys=530 to_pgsize=512")))
    #expect(verdict == .fails)
    #expect(
      text == """
        seriesmith: error: state 1/1 (iommu: change 1), unmap: vfio: unmapping 2 MiB in leaves of 4 KiB takes 1042 walks, \
        529 at the base
            before: to_phys 529; the number of leaves is 512; the memory lies in 1 pieces
            after: to_pgsize 512, to_phys 530; the number of leaves is 512; the memory lies in 1 pieces
        seriesmith: error: state 1/1 (iommu: change 1), unmap: vfio: unmapping 2 MiB in leaves of 4 KiB walks the page \
        table with 2 functions in turn instead of one
            before: to_phys 529; the number of leaves is 512; the memory lies in 1 pieces
            after: to_pgsize 512, to_phys 530; the number of leaves is 512; the memory lies in 1 pieces

        """)
  }

  @Test func aWalkThatIsDoubledWhereThereAreFewer() {
    let (verdict, text) = messages(
      run(0, nil, unmap: walks("vfio", "to_phys=512")),
      run(1, nil, unmap: walks("vfio", "to_phys=1 to_pgsize=1")))
    #expect(verdict == .fails)
    #expect(
      text == """
        seriesmith: error: state 1/1 (iommu: change 1), unmap: vfio: unmapping 2 MiB in leaves of 4 KiB walks the page \
        table with 2 functions in turn instead of one
            before: to_phys 512; the number of leaves is 512; the memory lies in 1 pieces
            after: to_pgsize 1, to_phys 1; the number of leaves is 512; the memory lies in 1 pieces

        """)
  }

  @Test func aTestThatStopsCounting() {
    let (verdict, text) = messages(
      run(0, nil, unmap: walks("vfio", "to_phys=512")),
      run(1, nil, unmap: walks("vfio", "to_phys=512").replacing("# walks", with: "# steps")))
    #expect(verdict == .fails)
    #expect(
      text == """
        seriesmith: error: state 1/1 (iommu: change 1), unmap: vfio: small no longer counts walks

        """)
  }

  /// The code knows only the counter's description.
  @Test func aCounterOfAnotherOp() {
    let locks = { (count: Int) in "KTAP version 1\n# locks: taken=\(count)\nok 1 rates\nprove: done\n" }
    let (base, tip) = (run(0, nil, unmap: locks(2)), run(1, nil, unmap: locks(3)))
    #expect(messages(base, tip).verdict == .holds)
    #expect(messages(base, run(1, nil, unmap: locks(1)), counters: [.walks, .locks]).verdict == .holds)
    let (verdict, text) = messages(base, tip, counters: [.walks, .locks])
    #expect(verdict == .fails)
    #expect(
      text == """
        seriesmith: error: state 1/1 (iommu: change 1), unmap: rates: setting a rate takes 3 locks, 2 at the base
            before: taken 2
            after: taken 3

        """)
  }
}
