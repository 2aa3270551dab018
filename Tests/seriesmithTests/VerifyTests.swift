import Foundation
import Testing

extension OnTheEmbeddedKernel {
  @Suite(.serialized) struct Verification {
    @Test func theSeriesStands() async throws {
      let report = try await verify(try await GeneratedSeries.folder())
      #expect(report.status == 0)
      #expect(report.verdict == "stands")
      #expect(report.firstBad == nil)
      #expect(report.neverCompiled == [])
      #expect(report.commits.count == 9)
      let lanes = Set(report.commits.flatMap { commit in Report.checks(commit).compactMap { $0["lane"] as? String } })
      #expect(lanes == ["x86_64", "arm64", "arm", "powerpc", "s390", "ppc-corenet32"])
      #expect(report.commits.allSatisfy { Report.checks($0).allSatisfy { $0["verdict"] as? String == "pass" } })
    }

    /// A fault, the lanes it is looked for in, and where it must be found.
    struct Fault: Sendable, CustomTestStringConvertible {
      var name: String
      var lane: String
      var commit: Int
      var check = "compile"
      var file: String
      var mendedBy: Int?
      var make: @Sendable (inout FaultySeries) throws -> Void
      var testDescription: String { name }
    }

    static let faults: [Fault] = [
      Fault(name: "sun50i-iommu.c dropped from patch 6", lane: "arm64", commit: 9, file: "drivers/iommu/sun50i-iommu.c")
      {
        series in
        let old = try series.file("drivers/iommu/sun50i-iommu.c", after: 0)
        try series.change("drivers/iommu/sun50i-iommu.c", from: 6) { _ in old }
      },
      Fault(name: "the backslash of s390's macro lost", lane: "s390", commit: 6, file: "drivers/iommu/s390-iommu.c") {
        series in
        try series.change("drivers/iommu/s390-iommu.c", from: 6) {
          try $0.changing("s390_iommu_iova_to_phys_length, \\", to: "s390_iommu_iova_to_phys_length,")
        }
      },
      Fault(
        name: "the declaration in IOMMU_PROTOTYPES left out", lane: "x86_64", commit: 3,
        file: "drivers/iommu/generic_pt/iommu_pt.h"
      ) { series in
        try series.change("include/linux/generic_pt/iommu.h", from: 3) { text in
          let start = try #require(text.range(of: "\tphys_addr_t pt_iommu_##fmt##_iova_to_phys_length("))
          let end = try #require(text.range(of: "\tint pt_iommu_##fmt##_read_and_clear_dirty("))
          return text.replacingCharacters(in: start.lowerBound..<end.lowerBound, with: "")
        }
      },
      Fault(
        name: "a driver migrated one patch before the member exists", lane: "arm", commit: 1,
        file: "drivers/iommu/mtk_iommu.c", mendedBy: 2
      ) { series in
        let migrated = try series.file("drivers/iommu/mtk_iommu.c", after: 5)
        try series.change("drivers/iommu/mtk_iommu.c", from: 1) { _ in migrated }
      },
      Fault(
        name: "the old static function left behind unused", lane: "arm64", commit: 9,
        file: "drivers/iommu/io-pgtable-dart.c"
      ) { series in
        let wrapper = try series.file("drivers/iommu/io-pgtable-dart.c", after: 8)
        try series.change("drivers/iommu/io-pgtable-dart.c", from: 9) { _ in
          try wrapper.changing("\t\t.iova_to_phys\t= dart_iova_to_phys,\n", to: "")
        }
      },
      Fault(
        name: "qcom-debug forgotten", lane: "arm64", commit: 9,
        file: "drivers/iommu/arm/arm-smmu/arm-smmu-qcom-debug.c"
      ) { series in
        let old = try series.file("drivers/iommu/arm/arm-smmu/arm-smmu-qcom-debug.c", after: 0)
        try series.change("drivers/iommu/arm/arm-smmu/arm-smmu-qcom-debug.c", from: 4) { _ in old }
      },
      // It compiles until the member goes, and would jump to NULL from patch 3 on.
      Fault(
        name: "the direct call of iommufd's selftest forgotten", lane: "x86_64", commit: 3, check: "structure",
        file: "drivers/iommu/iommufd/selftest.c"
      ) { series in
        let old = try series.file("drivers/iommu/iommufd/selftest.c", after: 0)
        try series.change("drivers/iommu/iommufd/selftest.c", from: 3) { _ in old }
      },
    ]

    @Test(arguments: faults) func aFaultIsFoundWhereItIs(fault: Fault) async throws {
      var series = try await FaultySeries()
      try fault.make(&series)
      try await withScratchFolder { folder in
        try series.write(to: folder)
        let report = try await verify(folder, lane: fault.lane)
        #expect(report.status == 1)
        #expect(report.verdict == "falls")
        let bad = try #require(report.firstBad)
        #expect(bad["index"] as? Int == fault.commit)
        #expect(bad["check"] as? String == fault.check)
        #expect(bad["lane"] as? String == (fault.check == "compile" ? fault.lane : nil))
        #expect(bad["fixed_by"] as? Int == fault.mendedBy)
        let failed = Report.checks(report.commits[fault.commit - 1]).filter { $0["verdict"] as? String == "fail" }
        let files = failed.flatMap { ($0["findings"] as? [[String: Any]] ?? []).compactMap { $0["file"] as? String } }
        #expect(files.contains(fault.file), "found in \(files)")
      }
    }

    private func verify(_ source: String, lane: String? = nil) async throws -> Report {
      let kernel = try await EmbeddedKernel.repository()
      return try await withScratchFolder { folder in
        let lanes = lane.map { ["--lane", $0] } ?? []
        let result = try await Command.seriesmith(
          ["verify", source, "--tree", kernel, "--json", folder + "/report.json"] + lanes)
        guard let data = FileManager.default.contents(atPath: folder + "/report.json"),
          let json = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        else { throw EmbeddedKernel.Unavailable(message: result.error) }
        return Report(status: result.status, json: json)
      }
    }
  }

  /// A report as a consumer of `--json` sees it.
  struct Report {
    var status: Int32
    var json: [String: Any]

    var verdict: String? { json["verdict"] as? String }
    var firstBad: [String: Any]? { json["first_bad"] as? [String: Any] }
    var commits: [[String: Any]] { json["commits"] as? [[String: Any]] ?? [] }
    var neverCompiled: [String]? { (json["coverage"] as? [String: Any])?["never_compiled"] as? [String] }

    static func checks(_ commit: [String: Any]) -> [[String: Any]] { commit["checks"] as? [[String: Any]] ?? [] }
  }
}
