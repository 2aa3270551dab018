import Foundation
import Testing

extension OnTheEmbeddedKernel {
  /// What VFIO and iommufd make of page tables: their functions, lifted out of the tree before and after the series, run
  /// over random tables (`Walks/`).
  @Suite struct Walks {
    /// A file of the kernel, and the regions of it that a program in `Walks/` includes: from one line through the
    /// function that another line starts.
    struct Lifted: Sendable {
      var program: String
      var file: String
      var regions: [(from: String, through: String)]

      static let vfio = Lifted(
        program: "vfio", file: "drivers/vfio/vfio_iommu_type1.c",
        regions: [
          ("static long vfio_sync_unpin(", "static long vfio_unmap_unpin("),
          ("static int vfio_iommu_replay(", "static int vfio_iommu_replay("),
        ])
      static let iommufd = Lifted(
        program: "iommufd", file: "drivers/iommu/iommufd/pages.c",
        regions: [("struct pfn_batch {", "static void batch_from_domain_continue(")])
    }

    /// A mistake in the lifted functions of the series, which the program must see.
    struct Mistake: Sendable {
      var lifted: Lifted
      var old: String
      var new: String

      static let all = [
        Mistake(lifted: .vfio, old: "if (!mapped)\n\t\treturn 0;", new: "if (!phys)\n\t\treturn 0;"),
        Mistake(lifted: .vfio, old: "if (next->mapped && next->iova == iova) {", new: "if (0) {"),
        Mistake(lifted: .vfio, old: "if (next->mapped && next->iova == iova) {", new: "if (next->mapped) {"),
        Mistake(lifted: .vfio, old: "\t\t\tn += PAGE_SIZE;", new: "\t\t\tn += mapped;"),
        Mistake(lifted: .vfio, old: "pos += unmapped;\n\t\t}\n\t}\n", new: "pos += size;\n\t\t}\n\t}\n"),
        Mistake(lifted: .iommufd, old: "clamp(length >> PAGE_SHIFT, 1, max_npfns)", new: "length >> PAGE_SHIFT"),
        Mistake(lifted: .iommufd, old: "length - (iova & (length - 1)) + page_offset", new: "length + page_offset"),
      ]
    }

    private static let walksOfEntries = [
      ("1 entries of 2048 KiB", 1), ("1 entries of 1048576 KiB", 1), ("512 entries of 2048 KiB", 512),
      ("512 scattered entries of 2048 KiB", 512), ("512 scattered entries of 4 KiB", 512),
      ("512 entries of 4 KiB", 512),
    ]

    /// Base and tip unpin and read the same pages, each once. The tip walks once for each leaf; the base for each page.
    @Test func takeOneForEachLeaf() async throws {
      let patches = try await GeneratedSeries.patches()
      try await withScratchFolder { folder in
        let repository = try await EmbeddedKernel.applied(patches, in: folder)
        for lifted in [Lifted.vfio, .iommufd] {
          let base = try await Self.source(of: lifted, at: "base", in: repository)
          let tip = try await Self.source(of: lifted, at: "HEAD", in: repository)
          for pageShift in [12, 16] {
            let before = try await Self.run(base, lifted, pageShift, ["100000", "base"], in: folder)
            let after = try await Self.run(tip, lifted, pageShift, ["100000"], in: folder)
            #expect(try Self.walks(before) > 5 * Self.walks(after))
            if pageShift == 12 {
              for (entries, walks) in Self.walksOfEntries {
                #expect(after.output.contains("\(entries): \(walks) walks\n"))
              }
            }
            print("\(lifted.program), pages of \(1 << (pageShift - 10)) KiB:", before.output, after.output)
          }
          for mistake in Mistake.all where mistake.lifted.program == lifted.program {
            try #require(tip.components(separatedBy: mistake.old).count == 2, "\(mistake.old)")
            let wrong = tip.replacing(mistake.old, with: mistake.new)
            let run = try await Self.run(wrong, lifted, 16, ["10000"], in: folder)
            #expect(run.status == 1 && run.error.hasPrefix("table "), "\(mistake.new)")
          }
        }
      }
    }

    private static func source(of lifted: Lifted, at revision: String, in repository: String) async throws -> String {
      let text = try await Command.git(["show", "\(revision):\(lifted.file)"], in: repository).output
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      return try lifted.regions.map { region in
        let start = try #require(lines.firstIndex { $0.hasPrefix(region.from) }, "\(lifted.file) lacks \(region.from)")
        let last = try #require(lines[start...].firstIndex { $0.hasPrefix(region.through) })
        let end = try #require(lines[last...].firstIndex(of: "}"))
        return lines[start...end].joined(separator: "\n") + "\n"
      }.joined()
    }

    private static func run(
      _ source: String, _ lifted: Lifted, _ pageShift: Int, _ arguments: [String], in folder: String
    ) async throws -> Command.Result {
      try source.write(toFile: folder + "/lifted.c", atomically: true, encoding: .utf8)
      let programs = Command.package + "/Tests/seriesmithTests/Walks"
      let build = try await Command.tool(
        "clang-19",
        [
          "-O2", "-Werror=implicit-function-declaration", "-DPAGE_SHIFT=\(pageShift)", "-I\(folder)", "-I\(programs)",
          "-o", folder + "/program", "\(programs)/\(lifted.program).c",
        ], in: folder)
      try #require(build.status == 0, "\(build.error)")
      return try await Command.tool(folder + "/program", arguments, in: folder)
    }

    private static func walks(_ run: Command.Result) throws -> Int {
      try #require(run.status == 0, "\(run.error)")
      let word = try #require(run.output.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("walks=") })
      return try #require(Int(word.dropFirst("walks=".count)))
    }
  }
}
