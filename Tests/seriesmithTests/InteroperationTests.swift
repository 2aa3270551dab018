import Foundation
import GitBinary
import Testing

/// What `generate` writes, in the hands of the tools that it is for. None of this needs a kernel.
@Suite struct InteroperationTests {
  private let small: SmallMigration
  private let tree: String
  private let patches: [String]

  init() async throws {
    small = try SmallMigration()
    let run = try await small.generate(["--signoff", "--branch", "series"])
    try #require(run.status == 0, "\(run.error)")
    tree = try #require(run.output.split(separator: "\n").last?.split(separator: " ").last.map(String.init))
    let out = small.folder + "/out"
    patches = try small.files().keys.filter { !$0.hasPrefix("0000") }.sorted().map { "\(out)/\($0)" }
    try small.kernel.git("checkout", "--quiet", "--detach", "base")
  }

  @Test func gitAmMakesTheTree() throws {
    try small.kernel.git(["am", "--quiet"] + patches)
    #expect(try small.kernel.tree() == tree)
  }

  /// By the ids of the index lines, where the lines around a change are others now.
  @Test func gitAmMergesOnAnotherBase() throws {
    let driver = try String(contentsOfFile: small.kernel.path + "/drivers/main.c", encoding: .utf8)
    try small.kernel.write(driver.replacing("\treturn y;\n", with: "\treturn y + 0;\n"), to: "drivers/main.c")
    try small.kernel.commit("main: add nothing")
    #expect(throws: ScratchRepository.CommandFailed.self) { try small.kernel.git(["am", "--quiet"] + patches) }
    try small.kernel.git("am", "--abort")
    try small.kernel.git(["am", "--quiet", "-3"] + patches)
    let merged = try String(contentsOfFile: small.kernel.path + "/drivers/main.c", encoding: .utf8)
    #expect(merged.contains("\t\t*length = 1;\n") && merged.contains("\treturn y + 0;\n"))
  }

  @Test func patchMakesTheTree() async throws {
    for path in patches {
      try small.kernel.git("apply", "--check", path)
      let run = try await Command.tool(
        "patch", ["--strip=1", "--fuzz=0", "--no-backup-if-mismatch", "--input=\(path)"], in: small.kernel.path)
      #expect(run.status == 0 && !run.output.contains("offset"), "\(run.output)\(run.error)")
    }
    try small.kernel.git("add", "--all")
    #expect(try small.kernel.text("write-tree") == tree)
  }

  @Test func gitFormatPatchWritesTheSameOfTheBranch() throws {
    try small.kernel.git(
      "format-patch", "--quiet", "--numbered", "--zero-commit", "--abbrev=12", "--signature=Seriesmith",
      "--output-directory", small.folder + "/gits", "series~4..series")
    let gits = try small.files(of: "gits")
    #expect(gits == (try small.files().filter { !$0.key.hasPrefix("0000") }))
  }

  @Test func gitFindsNoDifferenceBetweenThePatchesAndTheBranch() throws {
    try small.kernel.git(["am", "--quiet"] + patches)
    let pairs = try small.kernel.text("range-diff", "--no-color", "base..HEAD", "series~4..series").split(
      separator: "\n")
    #expect(pairs.count == 4 && pairs.allSatisfy { $0.contains(" = ") }, "\(pairs)")
  }
}
