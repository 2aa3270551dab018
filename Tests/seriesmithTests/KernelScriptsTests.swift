import Diagnostics
import Foundation
import Git
import Kbuild
import Processes
import Support
import Testing

extension OnTheEmbeddedKernel {
  /// The kernel's own checkers, run from only those files of the tree that they need.
  @Suite(.serialized) struct Scripts {
    @Test(arguments: [("described", 9), ("per-driver", 42)])
    func checkpatchSaysNothingOfTheSeries(split: String, count: Int) async throws {
      try await withScripts { scripts, _, scratch in
        let folder = scratch + "/series"
        _ = try await GeneratedSeries.generate("iova_to_phys_length", split: split, into: folder)
        let names = Files.names(in: folder).filter { $0.hasSuffix(".patch") && !$0.hasPrefix("0000") }
        #expect(names.count == count)
        for name in names {
          let said = try await scripts.checkpatch(Files.read("\(folder)/\(name)") ?? [], scratch: scratch)
          #expect(said == [], "\(name)")
        }
      }
    }

    /// `mail` addresses the people and lists that MAINTAINERS has named for years.
    @Test func maintainersAreThoseOfTheTree() async throws {
      try await withScripts { scripts, _, _ in
        let maintainers = try await scripts.maintainers(of: Files.read(try await GeneratedSeries.patches()[3]) ?? [])
        func addresses(_ role: Maintainer.Role) -> [String] {
          maintainers.filter { $0.role == role }.map(\.address)
        }
        #expect(addresses(.maintainer).contains("Will Deacon <will@kernel.org>"))
        #expect(addresses(.reviewer) == ["Robin Murphy <robin.murphy@arm.com>"])
        #expect(Set(addresses(.list)).isSuperset(of: ["iommu@lists.linux.dev", "linux-kernel@vger.kernel.org"]))
      }
    }

    @Test func checkpatchPlacesWhatItFinds() async throws {
      let hunk = [
        "@@ -8,3 +8,6 @@", " #define pr_fmt(fmt)    \"iommu: \" fmt", "+int  fooBar=1; ", "+/* recieve */", "+", " ",
        " #include <linux/amba/bus.h>",
      ]
      try await withScripts { scripts, mail, scratch in
        let said = try await scripts.checkpatch(mail("hand the lenght on", hunk), scratch: scratch)
        let places = said.map { "\($0.file ?? "-"):\($0.line ?? 0) \($0.severity) \($0.message)" }
        #expect(places.contains("-:0 warning 'lenght' may be misspelled - perhaps 'length'? [TYPO_SPELLING]"))
        #expect(places.contains("drivers/iommu/iommu.c:9 error trailing whitespace [TRAILING_WHITESPACE]"))
        #expect(places.contains("drivers/iommu/iommu.c:9 check Avoid CamelCase: <fooBar> [CAMELCASE]"))
        #expect(
          places.contains(
            "drivers/iommu/iommu.c:10 warning 'recieve' may be misspelled - perhaps 'receive'? [TYPO_SPELLING]"))
        #expect(!said.contains { $0.message.contains("SIGN_OFF") || $0.message.contains("UNKNOWN_COMMIT_ID") })
        // A patch is not to blame for what the file had before.
        let before = ["drivers/iommu/iommu.c": Optional(Array("int fooBar;\n".utf8))]
        let again = try await scripts.checkpatch(mail("x", hunk), before: before, scratch: scratch)
        #expect(!again.contains { $0.message.hasSuffix("[CAMELCASE]") })
      }
    }

    @Test func checkpatchKeepsQuietAboutLinesThePatchOnlyShows() async throws {
      let shown = "  * 51 Franklin St, Fifth Floor, Boston, MA 02110-1301 USA"
      try await withScripts { scripts, mail, scratch in
        let said = try await scripts.checkpatch(
          mail("x", ["@@ -8,2 +8,3 @@", shown, "+ * More of it.", " "]), scratch: scratch)
        #expect(said == [])
        // The line below is misaligned only because the patch changed the line above it.
        let moved = try await scripts.checkpatch(
          mail("x", ["@@ -8,3 +8,3 @@", " {", "-\tcall(a,", "+\tcalled(a,", " \t     b);"]), scratch: scratch)
        #expect(
          moved == [
            Diagnostic(
              file: "drivers/iommu/iommu.c", line: 10, severity: .check,
              message: "Alignment should match open parenthesis [PARENTHESIS_ALIGNMENT]")
          ])
      }
    }

    @Test func kernelDocReadsFilesOfAState() async throws {
      let undescribed = """
        /**
         * length() - how long it is
         * @a: first
         */
        int length(int a, int b);

        """
      try await withScripts { scripts, _, scratch in
        let files = ["include/linux/a.h": Array(undescribed.utf8), "drivers/b.c": Array("int b;\n".utf8)]
        let said = try await scripts.kernelDoc(files: files, scratch: scratch)
        #expect(
          said.map(\.message) == [
            "function parameter 'b' not described in 'length'", "No description found for return value of 'length'",
          ])
        #expect(said.allSatisfy { $0.file == "include/linux/a.h" && $0.severity == .warning })
        // The script names either the last line of the comment or the declaration after it.
        #expect(said.allSatisfy { (4...5).contains($0.line ?? 0) })
      }
    }

    /// Runs `body` with the embedded kernel's scripts, and a function that makes mails changing iommu.c.
    private func withScripts(
      _ body: (_ scripts: KernelScripts, _ mail: (String, [String]) -> [UInt8], _ scratch: String) async throws -> Void
    ) async throws {
      let repository = try Repository(opening: try await EmbeddedKernel.repository())
      let tree = try repository.resolve("HEAD").tree
      try await withScratchFolder { folder in
        let source = folder + "/tree"
        // checkpatch recognizes a kernel tree by these.
        let folders = ["Documentation", "arch", "include", "drivers", "fs", "init", "ipc", "kernel", "lib", "scripts"]
        let files = [
          "COPYING", "CREDITS", "Kbuild", "MAINTAINERS", "Makefile", "README", "drivers/iommu/iommu.c",
          "scripts/checkpatch.pl", "scripts/spelling.txt", "scripts/const_structs.checkpatch",
          "scripts/get_maintainer.pl",
        ]
        let documentation = ["tools", "tools/docs", "tools/lib", "tools/lib/python", "tools/lib/python/kdoc"]
        for path in folders { try Files.makeFolder("\(source)/\(path)") }
        try repository.walk(
          tree,
          directory: { (path, _) throws(Failure) in
            let wanted = ["drivers", "drivers/iommu", "scripts"] + documentation
            return wanted.contains(path) ? .enter : .skip
          }
        ) { (path, entry) throws(Failure) in
          let isDocumentation = path.hasPrefix("tools/docs/kernel-doc") || path.hasPrefix("tools/lib/python/kdoc/")
          guard files.contains(path) || isDocumentation else { return }
          try Files.makeFolder((("\(source)/\(path)") as NSString).deletingLastPathComponent)
          try Files.write(repository.contents(of: path, in: tree) ?? [], to: "\(source)/\(path)")
        }
        let scratch = folder + "/scratch"
        try Files.makeFolder(scratch)
        try await body(KernelScripts(SourceTree(path: source, tree: tree.hex)), Self.mail, scratch)
      }
    }

    private static func mail(_ subject: String, _ hunk: [String]) -> [UInt8] {
      let lines = [
        "From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001", "From: A U Thor <author@example.com>",
        "Date: Thu, 1 Jan 2026 00:00:00 +0000", "Subject: [PATCH] iommu: \(subject)", "",
        "Since commit 0123456789ab (\"iommu: Do it\") there is more to say,", "which takes a second line.", "---",
        " drivers/iommu/iommu.c | 3 +++", "", "diff --git a/drivers/iommu/iommu.c b/drivers/iommu/iommu.c",
        "--- a/drivers/iommu/iommu.c", "+++ b/drivers/iommu/iommu.c",
      ]
      return Array(((lines + hunk).joined(separator: "\n") + "\n").utf8)
    }
  }
}
