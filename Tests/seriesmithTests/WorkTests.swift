import Foundation
import Testing

/// Nothing is compiled twice.
@Suite(.serialized) struct WorkTests {
  @Test func onlyWhatChangedIsCompiledAgain() async throws {
    let series = try FakeSeries()
    let first = try await series.verify()
    #expect(first.status == 0, "\(first.text)")
    #expect(first.report.compiled > 0)

    let second = try await series.verify()
    #expect(second.report.compiled == 0)
    #expect(second.text.contains("\n0 compilations for "), "\(second.text)")

    try series.git("commit", "--quiet", "--amend", "-m", "twice: return 3, not 2")
    let reworded = try await series.verify()
    #expect(reworded.text.contains("twice: return 3, not 2"))
    #expect(reworded.text.contains("\n0 compilations for "), "\(reworded.text)")

    // `twice.c` is compiled into two objects.
    try series.commit("twice: more", ["drivers/twice.c": "int twice(void) { return 4; }\n"])
    let changed = try await series.verify()
    #expect(changed.status == 0)
    #expect(changed.text.contains("\n2 compilations for "), "\(changed.text)")
    #expect(changed.report.compiledIn == [4])
  }
}

extension OnTheEmbeddedKernel {
  @Suite(.serialized) struct Work {
    /// In a clone of the kernel, so that the kernel stays unchanged.
    @Test func onlyWhatChangedIsCompiledAgain() async throws {
      try await withScratchFolder { folder in
        let kernel = try await EmbeddedKernel.repository()
        let clone = folder + "/linux"
        let files = ["drivers/iommu/fsl_pamu_domain.c", "drivers/iommu/iommu.c"]
        try await git(["clone", "--quiet", "--shared", "--no-checkout", kernel, clone], in: folder)
        try await git(["sparse-checkout", "set", "--no-cone"] + files.map { "/" + $0 }, in: clone)
        try await git(["checkout", "--quiet", "--detach"], in: clone)
        try await git(["tag", "base"], in: clone)
        // A text that no earlier run has compiled.
        for file in files { try await change(file, "first \(UUID().uuidString)", in: clone) }

        let first = try await verify(clone)
        #expect(first.report.compiledIn == [1, 2])
        let second = try await verify(clone)
        #expect(second.report.compiled == 0)
        #expect(second.output.contains("\n0 compilations for "), "\(second.output)")
        try await git(["commit", "--quiet", "--amend", "-m", "reworded"], in: clone)
        let reworded = try await verify(clone)
        #expect(reworded.output.contains("\n0 compilations for "), "\(reworded.output)")
        try await change(files[1], "second \(UUID().uuidString)", in: clone, amend: true)
        let changed = try await verify(clone)
        #expect(changed.report.compiledIn == [2])
        #expect(changed.output.contains("\n1 compilation for "), "\(changed.output)")
      }
    }

    private func git(_ arguments: [String], in folder: String) async throws {
      let result = try await Command.git(arguments, in: folder)
      try #require(result.status == 0, "\(arguments): \(result.error)")
    }

    /// Commits a comment appended to a file.
    private func change(_ file: String, _ text: String, in clone: String, amend: Bool = false) async throws {
      let path = "\(clone)/\(file)"
      let old = try String(contentsOfFile: path, encoding: .utf8)
      try (old + "/* \(text) */\n").write(toFile: path, atomically: true, encoding: .utf8)
      try await git(["commit", "--quiet", "-a", "-m", "\(file): comment"] + (amend ? ["--amend"] : []), in: clone)
    }

    private func verify(_ clone: String) async throws -> VerifyRun {
      let before = try Inventory(of: clone)
      let run = try await VerifyRun.verify("base..HEAD", lanes: ["ppc-corenet32"], tree: clone)
      #expect(run.status == 0, "\(run.output)")
      #expect(try Inventory(of: clone).differences(from: before) == [])
      return run
    }
  }
}

extension VerifyRun.Report {
  /// The number of units that no earlier run had compiled.
  fileprivate var compiled: Int {
    commits.flatMap(\.checks).filter { $0.name == "compile" }.map { $0.units - $0.cached }.reduce(0, +)
  }

  /// The commits that have such units.
  fileprivate var compiledIn: [Int] {
    commits.filter { $0.checks.contains { $0.name == "compile" && $0.units > $0.cached } }.map(\.index)
  }
}
