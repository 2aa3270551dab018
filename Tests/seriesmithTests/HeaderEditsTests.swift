import Foundation
import GitBinary
import PatchSeries
import Testing

extension OnTheEmbeddedKernel {
  /// What `verify` leaves out after a change of a header is really not affected: random edits of headers, each with only
  /// the planned units and with all units that include the header.
  @Suite(.serialized) struct HeaderEdits {
    private static let headers = [
      "include/linux/io-pgtable.h", "include/linux/iommu.h", "include/linux/iova.h", "include/linux/generic_pt/iommu.h",
      "include/linux/vfio.h", "include/linux/iommufd.h", "include/linux/io-pgtable-arm.h",
      "include/uapi/linux/iommufd.h",
      "include/uapi/linux/vfio.h", "drivers/iommu/iommu-priv.h", "drivers/iommu/io-pgtable-arm.h",
      "drivers/iommu/dma-iommu.h", "drivers/iommu/iommu-pages.h", "drivers/iommu/arm/arm-smmu/arm-smmu.h",
      "drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.h", "drivers/iommu/intel/iommu.h", "drivers/iommu/amd/amd_iommu.h",
      "drivers/iommu/amd/amd_iommu_types.h", "drivers/iommu/generic_pt/pt_common.h",
      "drivers/iommu/generic_pt/pt_defs.h",
      "drivers/iommu/iommufd/iommufd_private.h", "drivers/iommu/iommufd/io_pagetable.h", "drivers/vfio/vfio.h",
      "drivers/vfio/pci/vfio_pci_priv.h", "include/linux/vfio_pci_core.h",
    ]

    private static func number(_ name: String, _ other: Int) -> Int {
      ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? other
    }

    /// The edits of one run of the command. Each is a patch that also takes the one before it back.
    private static let batch = 15
    private static let first = number("SERIESMITH_TEST_SEED", 1)
    private static let batches = first..<first + number("SERIESMITH_EDITS", 300) / batch

    @Test(arguments: batches) func leaveOutOnlyWhatTheyDoNotAffect(seed: Int) async throws {
      try await withScratchFolder { folder in
        var random = SplitMix(state: UInt64(seed))
        var series = try await FaultySeries()
        let words = try Self.words(of: series)
        var edits: [(words: String, state: FaultySeries.State)] = []
        while edits.count < Self.batch {
          guard let header = Self.headers.randomElement(using: &random),
            let bytes = try series.file(header, after: 0),
            let edit = HeaderEdit(
              of: String(decoding: bytes, as: UTF8.self), words: words, number: edits.count, using: &random)
          else { continue }
          var state: FaultySeries.State = [header: .some(Array(edit.text.utf8))]
          for key in edits.last?.state.keys.filter({ $0 != header }) ?? [] {
            state[key] = .some(try series.file(key, after: 0))
          }
          edits.append(("\(header): \(edit.words)", state))
        }
        let patch = series.patches[0]
        series.replace(
          by: edits.map { edit in
            var patch = patch
            patch.subject = edit.words
            return (patch, edit.state)
          })
        try series.write(to: folder + "/patches")
        try Self.lanes.write(toFile: folder + "/lanes.yaml", atomically: true, encoding: .utf8)
        let options = ["--lanes", folder + "/lanes.yaml", "--keep-going"]
        let run = try await VerifyRun.verify(folder + "/patches", options: options)
        let exhaustive = try await VerifyRun.verify(folder + "/patches", options: options + ["--exhaustive"])
        var fallen = 0
        for (index, edit) in edits.enumerated() {
          let (planned, all) = (run.report.statements(of: index + 1), exhaustive.report.statements(of: index + 1))
          #expect(planned == all, "\(edit.words)")
          if all.contains(where: { $0.contains("falls") }) { fallen += 1 }
        }
        print(
          "edits of seed \(seed): \(edits.count), \(fallen) fall, \(run.report.units) units planned of "
            + "\(exhaustive.report.units)")
        #expect(run.report.units < exhaustive.report.units)
      }
    }

    /// Names in the sources of drivers, which a header may happen to use as well.
    private static func words(of series: FaultySeries) throws -> [String] {
      var words: Set<String> = []
      for path in [
        "drivers/iommu/io-pgtable-arm.c", "drivers/iommu/iommu.c", "drivers/iommu/iova.c", "drivers/vfio/vfio_main.c",
      ] {
        let text = String(decoding: try series.file(path, after: 0) ?? [], as: UTF8.self)
        words.formUnion(text.matches(of: #/\b[a-z][a-z_]{2,}[a-z]\b/#).map { String($0.output) })
      }
      return words.sorted()
    }

    /// Lanes small enough to compile all that includes a header.
    private static let lanes =
      Exhaustive.lane + """

          - name: small-x86_64
            arch: x86_64
            target: allnoconfig
            toolchain: [LLVM=-19]
            why: a test
            fragment:
              - CONFIG_WERROR=n
              - CONFIG_64BIT=y
              - CONFIG_ACPI=y
              - CONFIG_PCI=y
              - CONFIG_PCI_MSI=y
              - CONFIG_IOMMU_SUPPORT=y
              - CONFIG_INTEL_IOMMU=y
              - CONFIG_AMD_IOMMU=y
              - CONFIG_IOMMUFD=y
              - CONFIG_VFIO=y
              - CONFIG_VFIO_PCI=y
        """
  }
}
