import Foundation
import Testing

extension OnTheEmbeddedKernel {
  @Suite(.serialized) struct Scanning {
    /// Runs `scan --json -` on a copy of the series that `change` may damage.
    private func scan(_ change: (String) throws -> Void = { _ in }) async throws -> (Command.Result, [String: Any]?) {
      let kernel = try await EmbeddedKernel.repository()
      return try await withScratchFolder { folder in
        let series = folder + "/series"
        try FileManager.default.copyItem(atPath: Command.package + "/Templates/iova_to_phys_length", toPath: series)
        try change(series)
        let result = try await Command.seriesmith(["scan", series + "/series.yaml", "--tree", kernel, "--json", "-"])
        return (result, try? JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
      }
    }

    @Test func everyTableAndUserIsAccountedFor() async throws {
      let (result, json) = try await scan()
      #expect(result.status == 0, "\(result.error)")
      #expect(json?["schema"] as? String == "seriesmith.scan/1")
      let tables = json?["tables"] as? [[String: Any]] ?? []
      let described = tables.filter { $0["status"] as? String == "described" }
      // DOMAIN: 26 domain tables in 7.2, of which 7.1 lacks vsi-iommu.c's, and three io-pgtable formats.
      #expect(described.filter { $0["struct"] as? String == "iommu_domain_ops" }.count == 25)
      #expect(described.filter { $0["struct"] as? String == "io_pgtable_ops" }.count == 3)
      #expect(tables.allSatisfy { $0["status"] as? String != "uncovered" })
      let s390 = described.filter { $0["file"] as? String == "drivers/iommu/s390-iommu.c" }
      #expect(s390.map { $0["via"] as? String } == ["macro"])
      let users = json?["users"] as? [[String: Any]] ?? []
      #expect(users.count == 24 && users.allSatisfy { $0["status"] as? String == "described" })
    }

    @Test func aTableWithoutADescriptionIsAnErrorWithItsPlace() async throws {
      let (result, _) = try await scan { try FileManager.default.removeItem(atPath: $0 + "/drivers/virtio.yaml") }
      #expect(result.status == 1)
      #expect(
        result.error.contains(
          "drivers/iommu/virtio-iommu.c:1105:3: error: no description covers the struct iommu_domain_ops "
            + "'viommu_ops.default_domain_ops', which sets viommu_iova_to_phys"))
    }

    @Test func aUserWithoutADescriptionIsAnErrorWithItsPlace() async throws {
      let (result, _) = try await scan { try FileManager.default.removeItem(atPath: $0 + "/callers/panthor.yaml") }
      #expect(result.status == 1)
      #expect(
        result.error.contains(
          "drivers/gpu/drm/panthor/panthor_mmu.c:906:17: error: no description covers this call of ops->iova_to_phys()")
      )
    }

    @Test func thePatchThatUsesTheOpFirstIsRefusedNamingBoth() async throws {
      let (result, _) = try await scan { folder in
        let path = folder + "/series.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let vfio = try #require(text.range(of: "  - id: vfio\n"))
        let next = try #require(text.range(of: "  - id: callers\n"))
        let patch = text[vfio.lowerBound..<next.lowerBound]
        let moved = try text.replacingOccurrences(of: patch, with: "").changing("patches:\n", to: "patches:\n" + patch)
        try moved.write(toFile: path, atomically: true, encoding: .utf8)
      }
      #expect(result.status == 65)
      #expect(
        result.error.contains(
          "patch 'vfio/iommufd: use iova_to_phys_length for efficient unmap' needs iommu_iova_to_phys_length (for "
            + "drivers/vfio/vfio_iommu_type1.c), which only the later patch "
            + "'iommu: introduce iova_to_phys_length in iommu_domain_ops' provides"))
    }
  }
}
