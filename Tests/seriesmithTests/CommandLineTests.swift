import Foundation
import Testing

/// Bad input gives one clear message with its place and the right exit status, and writes nothing. Needs no kernel.
@Suite struct CommandLineTests {
  /// Runs `body` with a git repository of a few files as the tree to work on.
  private func withRepository<T>(
    _ files: [String: String] = ["Makefile": "VERSION = 7\n", "a.c": "int a;\nint b;\nint c;\nint d;\n"],
    _ body: (_ repository: String, _ folder: String) async throws -> T
  ) async throws -> T {
    try await withScratchFolder { folder in
      let repository = folder + "/linux"
      for (name, text) in files {
        let path = repository + "/" + name
        try FileManager.default.createDirectory(
          atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
      }
      for arguments in [["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "base"]] {
        let result = try await Command.git(arguments, in: repository)
        try #require(result.status == 0, "\(result.error)")
      }
      return try await body(repository, folder)
    }
  }

  private func patch(_ diff: String) -> String {
    """
    From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001
    From: A U Thor <author@example.com>
    Date: Thu, 1 Jan 2026 00:00:00 +0000
    Subject: [PATCH] a: change b

    Why.
    ---
     a.c | 2 +-
     1 file changed, 1 insertion(+), 1 deletion(-)

    \(diff)
    --\u{20}
    2.39.5


    """
  }

  private func verify(_ diff: String, _ options: String...) async throws -> Command.Result {
    try await withRepository { repository, folder in
      let patches = folder + "/patches"
      try FileManager.default.createDirectory(atPath: patches, withIntermediateDirectories: true)
      try patch(diff).write(toFile: patches + "/0001-a-change-b.patch", atomically: true, encoding: .utf8)
      return try await Command.seriesmith(
        ["verify", "patches", "--tree", repository, "--depth", "apply"] + options, in: folder)
    }
  }

  @Test func aPatchThatAppliesStands() async throws {
    let result = try await verify(
      "diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1,4 +1,4 @@\n int a;\n-int b;\n+long b;\n int c;\n int d;\n")
    #expect(result.status == 0, "\(result.output)\(result.error)")
  }

  /// The end of a run was sometimes mistaken for a signal.
  @Test func aRunThatEndsIsNotTakenForAnInterruptedOne() async throws {
    try await withRepository { repository, _ in
      try "int a;\n".write(toFile: repository + "/a.c", atomically: true, encoding: .utf8)
      _ = try await Command.git(["commit", "-q", "-a", "-m", "next"], in: repository)
      for _ in 0..<20 {
        let result = try await Command.seriesmith(["verify", "HEAD~1..HEAD", "--tree", repository, "--depth", "apply"])
        #expect(result.status == 0, "\(result.error)")
      }
    }
  }

  @Test func aPatchThatDoesNotApplyFallsWithItsHunk() async throws {
    let result = try await verify(
      "diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1,4 +1,4 @@\n int a;\n-int x;\n+long b;\n int c;\n int d;\n")
    #expect(result.status == 1)
    #expect(result.output.contains("0001-a-change-b.patch:14"), "\(result.output)")
    #expect(result.output.contains("int x;") && result.output.contains("int b;"))
  }

  @Test func aPatchThatNeedsAnOffsetFallsIfItMustBeExact() async throws {
    let diff = "diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -2,3 +2,3 @@\n int a;\n-int b;\n+long b;\n int c;\n"
    let exact = try await verify(diff, "--exact")
    #expect(exact.status == 1, "\(exact.output)\(exact.error)")
    let result = try await verify(diff)
    #expect(result.status == 0, "\(result.output)\(result.error)")
    #expect(
      result.output.contains("warning: hunk @@ -2,3 +2,3 @@ of a.c applies 1 line further up"), "\(result.output)")
  }

  /// As in the container of a CI system, whose checkout belongs to another user.
  @Test(.enabled(if: geteuid() == 0, "only root can give a repository away"))
  func aRepositoryOfAnotherUserIsTrustedIfItIsNamed() async throws {
    try await withRepository { repository, folder in
      _ = try await Command.git(["commit", "-q", "--allow-empty", "-m", "next"], in: repository)
      for path in [repository, repository + "/.git"] { try #require(chown(path, 1000, 1000) == 0) }
      func verify(_ safe: String...) async throws -> Command.Result {
        let config = safe.map { "\tdirectory = \($0)\n" }.joined()
        try "[safe]\n\(config)".write(toFile: folder + "/.gitconfig", atomically: true, encoding: .utf8)
        return try await Command.seriesmith(
          ["verify", "HEAD^..HEAD", "--tree", repository, "--depth", "apply"], environment: ["HOME": folder])
      }
      for safe in [["*"], [repository], [folder + "/*"], ["/other", repository + "/"]] {
        let run = try await verify(safe[0], safe.last ?? "")
        #expect(run.status == 0, "\(safe): \(run.output)\(run.error)")
      }
      let other = try await verify("/other")
      #expect(other.status == 65)
      #expect(other.error.contains("belongs to another user, so git does not trust it"), "\(other.error)")
      #expect(other.error.contains("git config --global --add safe.directory \(repository)"), "\(other.error)")
      try FileManager.default.removeItem(atPath: folder + "/.gitconfig")
      let none = try await Command.seriesmith(
        ["verify", "HEAD^..HEAD", "--tree", repository, "--depth", "apply"], environment: ["HOME": folder])
      #expect(none.error == other.error)
    }
  }

  @Test func aSeriesMayComeFromStandardInput() async throws {
    let diff = "diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1,3 +1,3 @@\n int a;\n-int b;\n+long b;\n int c;\n"
    try await withRepository { repository, folder in
      try patch(diff).write(toFile: folder + "/a.patch", atomically: true, encoding: .utf8)
      let command = "exec '\(Command.executable)' verify - --tree linux --depth apply --html - <a.patch"
      let result = try await Command.run("/bin/sh", ["-c", command], in: folder, environment: ["NO_COLOR": "1"])
      #expect(result.status == 0, "\(result.output)\(result.error)")
      #expect(result.output.contains("a: change b"))
    }
  }

  @Test func aTruncatedPatchIsBadInput() async throws {
    let result = try await verify("diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1,4 +1,4 @@\n int a;\n-int b;")
    #expect(result.status == 65)
    #expect(result.error.contains("0001-a-change-b.patch:"), "\(result.error)")
  }

  @Test func aMalformedPatchIsBadInput() async throws {
    let result = try await verify("diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ what @@\n int a;\n")
    #expect(result.status == 65)
    #expect(result.error.contains("0001-a-change-b.patch:"), "\(result.error)")
  }

  @Test func aTreeThatIsNoRepositoryIsBadInput() async throws {
    try await withScratchFolder { folder in
      for arguments in [
        ["verify", folder, "--tree", folder],
        ["generate", "iova_to_phys_length", "--tree", folder, "-o", folder + "/out"],
      ] {
        let result = try await Command.seriesmith(arguments)
        #expect(result.status == 65, "\(result.error)")
        #expect(result.error.contains("is not a git repository"))
        #expect(!FileManager.default.fileExists(atPath: folder + "/out"))
      }
    }
  }

  @Test func aRevisionThatIsNotThereIsBadInput() async throws {
    try await withRepository { repository, _ in
      let result = try await Command.seriesmith(
        ["generate", "iova_to_phys_length", "--tree", repository, "--base", "v9.9", "-o", repository + "/out"])
      #expect(result.status == 65)
      #expect(result.error.contains("v9.9"))
    }
  }

  @Test(arguments: [["generate", "iova_to_phys_length", "-o", "out"], ["scan", "iova_to_phys_length"]])
  func aTreeThatIsNoKernelIsRefusedAtOnce(arguments: [String]) async throws {
    try await withRepository { repository, folder in
      let result = try await Command.seriesmith(arguments + ["--tree", repository], in: folder)
      #expect(result.status == 65)
      let lines = result.error.split(separator: "\n")
      #expect(lines.count == 2 && lines[0].contains("error: '\(repository)' holds no kernel: "), "\(result.error)")
    }
  }

  @Test func aTreeWithoutTheFilesIsADriftAndNothingIsWritten() async throws {
    try await withRepository(["Kbuild": "obj-y += init/\n"]) { repository, folder in
      let result = try await Command.seriesmith(
        ["generate", "iova_to_phys_length", "--tree", repository, "-o", folder + "/out"])
      #expect(result.status == 1)
      #expect(result.error.contains("error: the tree has no include/linux/iommu.h"))
      #expect(!FileManager.default.fileExists(atPath: folder + "/out"))
    }
  }

  /// As vsi-iommu.c came with Linux 7.2.
  @Test func aDriverThatNobodyDescribesStopsTheRunAndNothingIsWritten() async throws {
    let driver = """
      static phys_addr_t vsi_iommu_iova_to_phys(struct iommu_domain *domain,
      					  dma_addr_t iova)
      {
      	return vsi_iommu_page(domain, iova) + offset_in_page(iova);
      }

      static const struct iommu_ops vsi_iommu_ops = {
      	.owner = THIS_MODULE,
      	.default_domain_ops = &(const struct iommu_domain_ops) {
      		.map_pages		= vsi_iommu_map,
      		.iova_to_phys		= vsi_iommu_iova_to_phys,
      	}
      };

      """
    try await withRepository(["Kbuild": "obj-y += drivers/\n", "drivers/iommu/vsi-iommu.c": driver]) {
      repository, folder in
      let series = folder + "/series"
      try FileManager.default.copyItem(atPath: Command.package + "/Templates/iova_to_phys_length", toPath: series)
      try FileManager.default.removeItem(atPath: series + "/drivers/vsi.yaml")
      let result = try await Command.seriesmith(
        ["generate", series + "/series.yaml", "--tree", repository, "-o", folder + "/out"])
      #expect(result.status == 1)
      #expect(
        result.error.contains(
          "drivers/iommu/vsi-iommu.c:11:3: error: no description covers the struct iommu_domain_ops "
            + "'vsi_iommu_ops.default_domain_ops', which sets vsi_iommu_iova_to_phys"), "\(result.error)")
      #expect(!FileManager.default.fileExists(atPath: folder + "/out"))

      try FileManager.default.removeItem(atPath: series + "/expect/drivers/iommu/vsi-iommu.c")
      let described = try await Command.seriesmith(
        ["describe", "drivers/iommu/vsi-iommu.c", "--series", series + "/series.yaml", "--tree", repository])
      #expect(
        described.output == "\(series)/drivers/vsi-iommu.yaml\n\(series)/expect/drivers/iommu/vsi-iommu.c\n",
        "\(described.error)")
      let again = try await Command.seriesmith(
        ["generate", series + "/series.yaml", "--tree", repository, "-o", folder + "/out"])
      #expect(again.status == 65)
      #expect(
        again.error.contains(
          "/drivers/vsi-iommu.yaml:6:85: error: is still blank: leaf 1: how much the entry maps\n"), "\(again.error)")
    }
  }

  @Test func aMissingCompilerIsNamedWithItsPackage() async throws {
    try await withRepository { repository, folder in
      let result = try await Command.seriesmith(
        ["verify", "HEAD~1..HEAD", "--tree", repository], environment: ["PATH": "/nonexistent"])
      #expect(result.status == 65, "a repository of one commit has no HEAD~1")
      _ = try await Command.git(["commit", "-q", "--allow-empty", "-m", "next"], in: repository)
      try "int a;\n".write(toFile: repository + "/a.c", atomically: true, encoding: .utf8)
      _ = try await Command.git(["commit", "-q", "-a", "-m", "last"], in: repository)
      let missing = try await Command.seriesmith(
        ["verify", "HEAD~1..HEAD", "--tree", repository],
        environment: ["PATH": "/nonexistent", "SERIESMITH_CACHE": folder + "/cache"])
      #expect(missing.status == 69, "\(missing.output)\(missing.error)")
      #expect(missing.error.contains("clang-19"))
    }
  }

  @Test(arguments: [
    (["verify"], "Missing expected argument '<source>': no kernel tree is here"),
    (["verify", "v7.1..HEAD"], "No kernel tree is here that 'v7.1..HEAD' could be a range of"),
    (["verify", "--tree", ".", "--base", "v7.1"], "name the range: v7.1..HEAD"),
    (["verify", "x", "--merge", "y"], "in place of"),
    (["verify", "x", "--lane", "vax"], "there is no lane 'vax'"),
    (["verify", "x", "--depth", "deep"], "'deep'"),
    (["generate", "nothing", "-o", "x"], "there is no series 'nothing'"),
    (["generate", "iova_to_pgsize", "--option", "better", "-o", "x"], "its options are: corrected"),
    (["scan", "iova_to_phys_length", "--option", "better"], "it has no options"),
    (["kernel", "--release", "7.2", "--from", "x"], "not both"),
    (["frobnicate"], "Unexpected argument 'frobnicate'"),
    (["veriy", "out", "--tree", "."], "There is no command 'veriy'. Did you mean 'verify'?"),
  ])
  func usageErrorsExitWith64(arguments: [String], message: String) async throws {
    let result = try await Command.seriesmith(arguments)
    #expect(result.status == 64, "\(result.error)")
    #expect(result.error.contains(message), "\(result.error)")
  }

  @Test func aSourceThatIsNotThereIsBadInput() async throws {
    try await withRepository { repository, _ in
      let result = try await Command.seriesmith(["verify", "no-such-folder", "--tree", repository])
      #expect(result.status == 65)
      #expect(result.error.contains("no-such-folder"))
    }
  }

  @Test func everyCommandHasHelp() async throws {
    for command in ["list", "scan", "describe", "generate", "verify", "mail", "compare", "kernel", "cache", "doctor"] {
      let result = try await Command.seriesmith([command, "--help"])
      #expect(result.status == 0)
      #expect(result.output.contains("OVERVIEW"))
    }
  }

  @Test func listNamesTheSeries() async throws {
    let result = try await Command.seriesmith(["list"])
    let lines = result.output.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("iova_to_phys_length: ") && $0.hasSuffix("(up to 10 patches, 39 files)") })
    #expect(lines.contains { $0.hasPrefix("iova_to_pgsize: ") && $0.hasSuffix("(1 patch, 7 files)") })
    #expect(lines.contains { $0.hasPrefix("  --option corrected ") })
  }

  @Test func helpNamesTheOptionsOfEachSeries() async throws {
    let result = try await Command.seriesmith(["generate", "--help"])
    #expect(result.output.contains("  iova_to_pgsize: corrected   with what the RFC lacks"))
  }
}
