import Foundation
import GitBinary
import Testing

extension OnTheEmbeddedKernel {
  /// Units proven unaffected really are: compiling them as well finds nothing more.
  @Suite(.serialized) struct Exhaustive {
    /// A change of `include/linux/iommu.h` in the first patch, where hundreds of units include it.
    struct HeaderFault: Sendable, CustomTestStringConvertible {
      var testDescription: String
      var old: String
      var new: String
    }

    static let faults = [
      HeaderFault(
        testDescription: "an enumerator renamed", old: "\tIOMMU_CAP_CACHE_COHERENCY,\t/*",
        new: "\tIOMMU_CAP_COHERENCY,\t/*"),
      HeaderFault(
        testDescription: "none", old: "#define IOMMU_PRIV\t(1 << 5)\n", new: "#define IOMMU_PRIV\t(1 << 5)\n"),
      HeaderFault(testDescription: "a macro gone", old: "#define IOMMU_PRIV\t(1 << 5)\n", new: ""),
      HeaderFault(
        testDescription: "a member of another type",
        old: "unsigned long pgsize_bitmap;\t/* Bitmap of page sizes in use */",
        new: "void *pgsize_bitmap;\t/* Bitmap of page sizes in use */"),
    ]

    @Test(arguments: Extent.sample(of: faults, every: 4)) func findsNothingMore(fault: HeaderFault) async throws {
      try await withScratchFolder { folder in
        var series = try await FaultySeries()
        try series.change("include/linux/iommu.h", from: 1) { try $0?.changing(fault.old, to: fault.new) }
        // The header's changes take effect in the first patches; the others would only take longer.
        series.replace(by: Array(zip(series.patches, series.states).prefix(2)).map { (patch: $0, state: $1) })
        try series.write(to: folder + "/patches")
        try Self.lane.write(toFile: folder + "/lanes.yaml", atomically: true, encoding: .utf8)
        let options = ["--lanes", folder + "/lanes.yaml"]
        let run = try await VerifyRun.verify(folder + "/patches", options: options)
        let exhaustive = try await VerifyRun.verify(folder + "/patches", options: options + ["--exhaustive"])
        #expect(run.status == exhaustive.status)
        #expect(run.report.statements == exhaustive.report.statements)
        #expect(run.report.verdict == (fault.old == fault.new ? "stands" : "falls"), "\(run.output)")
        #expect(run.report.units < exhaustive.report.units)
      }
    }

    /// A lane small enough to compile everything that includes the header, with drivers that use it.
    static let lane = """
      lanes:
        - name: small
          arch: arm64
          target: allnoconfig
          toolchain: [LLVM=-19]
          why: a test
          fragment:
            - CONFIG_WERROR=n
            - CONFIG_COMPILE_TEST=y
            - CONFIG_IOMMU_SUPPORT=y
            - CONFIG_KUNIT=y
            - CONFIG_IOMMU_IO_PGTABLE_LPAE=y
            - CONFIG_IOMMU_IO_PGTABLE_LPAE_KUNIT_TEST=y
            - CONFIG_IOMMU_IO_PGTABLE_ARMV7S=y
            - CONFIG_APPLE_DART=y
            - CONFIG_ARM_SMMU=y
      """
  }
}

extension VerifyRun.Report {
  /// Everything in the report, except how much work it took.
  fileprivate var statements: [String] {
    ["\(verdict), first \(String(describing: firstBad)), never compiled \(coverage.neverCompiled)"]
      + commits.flatMap { statements(of: $0.index) }
  }

  /// Everything said of a commit, except how much work it took.
  func statements(of index: Int) -> [String] {
    let commit = commits[index - 1]
    return ["\(index) \(commit.verdict)"]
      + commit.checks.map {
        "\(index) \($0.name) \($0.lane ?? "-") \($0.verdict) \($0.findings.map { "\($0)" }.sorted())"
      }
  }

  var units: Int { commits.flatMap(\.checks).filter { $0.name == "compile" }.map(\.units).reduce(0, +) }
}
