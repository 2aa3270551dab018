import Foundation
import Testing

extension OnTheEmbeddedKernel {
  /// The mail that preceded the nine patches: `[RFC PATCH] Optimize VFIO and IOMMU mapping traversal`, 29 May 2026.
  @Suite(.serialized) struct RequestForComments {
    /// The ids of the files before and after it, as the mail gives them.
    private static let blobs = [
      "drivers/iommu/amd/iommu.c": (before: "57dc8fabc7d9", after: "36ffeb96c454"),
      "drivers/iommu/generic_pt/iommu_pt.h": (before: "dc91fb4e2f61", after: "de861d8b6ce2"),
      "drivers/iommu/intel/iommu.c": (before: "4d0e65bc131d", after: "f992162cfa67"),
      "drivers/iommu/iommu.c": (before: "d1a9e713d3a0", after: "e27f26bc1851"),
      "drivers/vfio/vfio_iommu_type1.c": (before: "c8151ba54de3", after: "bf918a93a159"),
      "include/linux/generic_pt/iommu.h": (before: "dd0edd02a48a", after: "2f30ae73a9eb"),
      "include/linux/iommu.h": (before: "e587d4ac4d33", after: "d04dc7dcfb1e"),
    ]

    /// If only another release could be fetched, files that differ there cannot become the mail's.
    @Test func gitMakesTheMailsFilesOfThePatch() async throws {
      let kernel = try await EmbeddedKernel.repository()
      try await withScratchFolder { folder in
        _ = try await GeneratedSeries.generate("iova_to_pgsize", into: folder + "/series")
        let patch = folder + "/series/0001-Optimize-VFIO-and-IOMMU-mapping-traversal.patch"
        let clone = folder + "/clone"
        _ = try await git(["clone", "--quiet", "--no-checkout", "--shared", kernel, clone], in: folder)
        _ = try await git(["read-tree", "HEAD"], in: clone)
        _ = try await git(["apply", "--cached", patch], in: clone)
        let changed = try await git(["diff", "--cached", "--name-only", "HEAD"], in: clone)
        #expect(changed.split(separator: "\n").map(String.init) == Self.blobs.keys.sorted())
        for (path, blob) in Self.blobs {
          guard try await git(["rev-parse", "HEAD:" + path], in: clone).hasPrefix(blob.before) else {
            print("not compared, since this kernel's base blob is another: \(path)")
            continue
          }
          #expect(try await git(["rev-parse", ":" + path], in: clone).hasPrefix(blob.after), "\(path)")
        }
      }
    }

    @Test func theCommittedPatchIsTheMails() throws {
      let path =
        CommittedSeries.folder(of: "iova_to_pgsize") + "/0001-Optimize-VFIO-and-IOMMU-mapping-traversal.patch"
      let patch = try String(contentsOfFile: path, encoding: .utf8)
      #expect(patch.contains("\nSubject: [RFC PATCH] Optimize VFIO and IOMMU mapping traversal\n\nIn VFIO, "))
      #expect(patch.contains("\n 7 files changed, 104 insertions(+), 2 deletions(-)\n"))
      let ids = patch.split(separator: "\n").filter { $0.hasPrefix("index ") }
      let expected = Self.blobs.sorted { $0.key < $1.key }.map { "index \($0.value.before)..\($0.value.after) 100644" }
      #expect(ids.map(String.init) == expected)
    }

    @Test func asMailedItStandsByWhatIsAcceptedAndCorrectedByItself() async throws {
      try await withScratchFolder { folder in
        _ = try await GeneratedSeries.generate("iova_to_pgsize", into: folder + "/mailed")
        let mailed = try await VerifyRun.verify(folder + "/mailed", depth: "structure")
        #expect(mailed.report.verdict == "stands", "\(mailed.output)")
        #expect(mailed.output.contains("iommu_iova_to_pgsize() has no stub for !CONFIG_IOMMU_API\n"))
        #expect(
          mailed.output.hasSuffix("\nstands: 1 commit, looked at to depth structure, 1 finding accepted.\n"),
          "\(mailed.output)")
        try FileManager.default.removeItem(atPath: folder + "/mailed/accepted.yaml")
        let plain = try await VerifyRun.verify(folder + "/mailed", depth: "structure")
        #expect(plain.report.firstBad?.reason.contains("iommu_iova_to_pgsize() has no stub") == true)
        _ = try await GeneratedSeries.generate("iova_to_pgsize", options: ["corrected"], into: folder + "/corrected")
        let corrected = try await VerifyRun.verify(folder + "/corrected", depth: "structure")
        #expect(
          corrected.output.hasSuffix("\nstands: 1 commit, looked at to depth structure.\n"), "\(corrected.output)")
      }
    }

    private func git(_ arguments: [String], in directory: String) async throws -> String {
      let result = try await Command.git(arguments, in: directory)
      try #require(result.status == 0, "git \(arguments.first ?? ""): \(result.error)")
      return result.output
    }
  }
}
