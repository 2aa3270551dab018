import Foundation
import PatchSeries
import Testing

extension OnTheEmbeddedKernel {
  @Suite(.serialized) struct Regeneration {
    /// Byte for byte on the embedded kernel. If only another release could be fetched, compares the files that are the
    /// same in both, and names the others.
    @Test(arguments: ["iova_to_phys_length", "iova_to_pgsize"])
    func theCommittedPatchesComeOutByteForByte(series: String) async throws {
      try await withScratchFolder { folder in
        _ = try await GeneratedSeries.generate(series, into: folder)
        if Snapshot.isRecorded {
          try Snapshot.record(folder, as: CommittedSeries.folder(of: series), including: Self.isGenerated)
          return
        }
        let names = try Self.patches(of: folder)
        try #require(names == (try Self.patches(of: CommittedSeries.folder(of: series))) && !names.isEmpty)
        var others: Set<String> = []
        for name in names where !name.hasPrefix("0000") {
          let committed = try await Self.diffs("\(CommittedSeries.folder(of: series))/\(name)")
          let generated = try await Self.diffs("\(folder)/\(name)")
          #expect(generated.keys.sorted() == committed.keys.sorted())
          for (path, diff) in committed {
            if generated[path]?.base == diff.base {
              #expect(generated[path]?.text == diff.text, "\(name): \(path) differs")
            } else {
              others.insert(path)
            }
          }
        }
        if others.isEmpty {
          for name in names + ["accepted.yaml"] {
            let committed = FileManager.default.contents(atPath: "\(CommittedSeries.folder(of: series))/\(name)")
            #expect(FileManager.default.contents(atPath: "\(folder)/\(name)") == committed, "\(name) differs")
          }
        } else {
          print("not compared, since this kernel's base blobs are others: \(others.sorted().joined(separator: ", "))")
        }
      }
    }

    /// One patch for each fix and each driver, as the list asked for, makes the same change, and every patch stands alone.
    @Test func aPatchForEachDriverLeavesTheSameTree() async throws {
      try await withScratchFolder { folder in
        let tree = try await GeneratedSeries.generate("iova_to_phys_length", split: "per-driver", into: folder)
        #expect(tree == (try await GeneratedSeries.tree()))
        let run = try await VerifyRun.verify(folder, depth: "structure")
        #expect(run.report.verdict == "stands" && run.report.commits.count == 42, "\(run.output)")
      }
    }

    @Test func anotherMachineGivesTheSameBytes() async throws {
      let kernel = try await EmbeddedKernel.repository()
      let expected = try await GeneratedSeries.folder()
      try await withScratchFolder { folder in
        let machine = try OtherMachine(home: folder + "/home")
        try await machine.clone(kernel, to: folder + "/elsewhere.git")
        let run = try await Command.seriesmith(
          ["generate", "iova_to_phys_length", "--tree", folder + "/elsewhere.git", "--output", folder + "/out"],
          environment: machine.environment.merging(["SERIESMITH_CACHE": folder + "/cache"]) { $1 })
        try #require(run.status == 0, "\(run.error)")
        let names = try Self.patches(of: expected)
        try #require(names.count == 10 && names == (try Self.patches(of: folder + "/out")))
        for name in names {
          #expect(FileManager.default.contentsEqual(atPath: "\(folder)/out/\(name)", andPath: "\(expected)/\(name)"))
        }
      }
    }

    private static func patches(of folder: String) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".patch") }.sorted()
    }

    /// Whether `generate` wrote the file; the folder's README is by hand.
    private static func isGenerated(_ name: String) -> Bool { name.hasSuffix(".patch") || name == "accepted.yaml" }

    /// The diff of each file in a patch, and the blob it starts from.
    private static func diffs(_ path: String) async throws -> [String: (base: String?, text: [UInt8])] {
      let patch = try await PatchReader.patch(Array(FileManager.default.contents(atPath: path) ?? Data()), file: path)
      let files = try patch.fileDiffs().map { ($0.path, (base: $0.oldID, text: Array(patch.diff[$0.bytes]))) }
      return Dictionary(uniqueKeysWithValues: files)
    }

    @Test func gitAppliesThemWithoutFuzzToTheReportedTree() async throws {
      let kernel = try await EmbeddedKernel.repository()
      let patches = try await GeneratedSeries.patches()
      try #require(patches.count == 9)
      try await withScratchFolder { folder in
        // Git needs only the files that the series touches in the work tree.
        let clone = folder + "/clone"
        var result = try await Command.git(["clone", "-q", "--no-checkout", "--shared", kernel, clone], in: folder)
        try #require(result.status == 0, "\(result.error)")
        _ = try await Command.git(
          [
            "sparse-checkout", "set", "--no-cone", "drivers/iommu", "drivers/vfio",
            "drivers/gpu/drm/panfrost", "drivers/gpu/drm/panthor", "include/linux",
          ], in: clone)
        result = try await Command.git(["checkout", "-q", "HEAD"], in: clone)
        try #require(result.status == 0, "\(result.error)")
        for path in patches {
          let check = try await Command.git(["apply", "--check", "--verbose", path], in: clone)
          #expect(
            check.status == 0 && !check.error.contains("offset") && !check.error.contains("fuzz"), "\(check.error)")
          let applied = try await Command.git(["am", "-q", path], in: clone)
          try #require(applied.status == 0, "\(applied.error)")
        }
        let tree = try await Command.git(["rev-parse", "HEAD^{tree}"], in: clone).output
        #expect(tree == (try await GeneratedSeries.tree()) + "\n")
        try await Self.expectTheOldOpIsGone(clone)
      }
    }

    /// After the last patch, the old op has no member, table or call; its wrapper remains, and is exported.
    private static func expectTheOldOpIsGone(_ clone: String) async throws {
      let uses = try await Command.git(
        ["grep", "-nwE", "(\\.|->)iova_to_phys|\\(\\*iova_to_phys\\)", "HEAD", "--", "*.c", "*.h"], in: clone)
      #expect(uses.output == "")
      let core = try await Command.git(["show", "HEAD:drivers/iommu/iommu.c"], in: clone).output
      #expect(core.contains("EXPORT_SYMBOL_GPL(iommu_iova_to_phys);"))
      let callers = try await Command.git(["grep", "-l", "[^_]iommu_iova_to_phys(", "HEAD", "--", "*.c"], in: clone)
      #expect(callers.output.split(separator: "\n").count > 10)
    }

    @Test func theTouchedFilesAreTheSeeds() async throws {
      let ours = try Self.counts(
        of: try String(contentsOfFile: CommittedSeries.folder + "/0000-cover-letter.patch", encoding: .utf8))
      #expect(ours.keys.sorted() == SeedDiffstat.counts.keys.sorted())
      let explained = try String(contentsOfFile: CommittedSeries.folder + "/README.md", encoding: .utf8)
      for (file, count) in ours.sorted(by: { $0.key < $1.key }) {
        let seed = SeedDiffstat.counts[file] ?? 0
        print("\(file): the seed changes \(seed) lines, this series \(count)")
        // The table shortens a path to the part that distinguishes it.
        let rows = explained.split(separator: "\n").filter { row in
          let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
          return cells.count == 4 && ("/" + file).hasSuffix("/" + cells[0])
            && cells[1] == "\(seed)" && cells[2] == "\(count)" && !cells[3].isEmpty
        }
        #expect(
          seed == count ? rows.isEmpty : rows.count == 1, "\(file): README.md has to explain \(seed) and \(count)")
      }
    }

    /// The changed lines of each file in a cover letter's diffstat; shortened names match by their end.
    private static func counts(of cover: String) throws -> [String: Int] {
      var counts: [String: Int] = [:]
      for line in cover.split(separator: "\n") {
        let fields = line.split(separator: "|")
        guard fields.count == 2, let count = Int(fields[1].split(separator: " ").first ?? "") else { continue }
        var name = fields[0].trimmingCharacters(in: .whitespaces)
        if name.hasPrefix(".../") {
          name = SeedDiffstat.counts.keys.first { $0.hasSuffix(name.dropFirst(3)) } ?? name
        }
        counts[name] = count
      }
      return counts
    }
  }
}

/// The diffstat of the mail that started this series, and the file of tests that only this series changes.
enum SeedDiffstat {
  static let counts = [
    "drivers/gpu/drm/panfrost/panfrost_mmu.c": 2, "drivers/gpu/drm/panthor/panthor_mmu.c": 2,
    "drivers/iommu/apple-dart.c": 11, "drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c": 10,
    "drivers/iommu/arm/arm-smmu/arm-smmu-qcom-debug.c": 2, "drivers/iommu/arm/arm-smmu/arm-smmu.c": 13,
    "drivers/iommu/arm/arm-smmu/qcom_iommu.c": 11, "drivers/iommu/exynos-iommu.c": 21,
    "drivers/iommu/fsl_pamu_domain.c": 26, "drivers/iommu/generic_pt/iommu_pt.h": 49,
    "drivers/iommu/io-pgtable-arm-selftests.c": 12, "drivers/iommu/io-pgtable-arm-v7s.c": 25,
    "drivers/iommu/io-pgtable-arm.c": 14, "drivers/iommu/io-pgtable-dart.c": 17, "drivers/iommu/iommu.c": 30,
    "drivers/iommu/iommufd/pages.c": 71, "drivers/iommu/iommufd/selftest.c": 2, "drivers/iommu/ipmmu-vmsa.c": 12,
    "drivers/iommu/msm_iommu.c": 25, "drivers/iommu/mtk_iommu.c": 12, "drivers/iommu/mtk_iommu_v1.c": 15,
    "drivers/iommu/omap-iommu.c": 32, "drivers/iommu/rockchip-iommu.c": 11, "drivers/iommu/s390-iommu.c": 15,
    "drivers/iommu/sprd-iommu.c": 13, "drivers/iommu/sun50i-iommu.c": 13, "drivers/iommu/tegra-smmu.c": 12,
    "drivers/iommu/virtio-iommu.c": 13, "drivers/vfio/vfio_iommu_type1.c": 24,
    "include/linux/generic_pt/iommu.h": 13, "include/linux/io-pgtable.h": 10, "include/linux/iommu.h": 12,
    "drivers/iommu/generic_pt/kunit_iommu_pt.h": 0,
  ]
}
