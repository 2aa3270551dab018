import Foundation
import GitBinary
import Testing

extension OnTheEmbeddedKernel {
  /// `verify` and the kernel's own make come to the same first bad commit and file, for the generated series and for
  /// random mistakes in it.
  @Suite(.serialized) struct RealMake {
    private static let folders = ["drivers/iommu/", "drivers/vfio/", "include/"]
    private static let lanes = [
      (name: "arm", arch: "arm", target: "allmodconfig"),
      (name: "ppc-corenet32", arch: "powerpc", target: "corenet32_smp_defconfig"),
    ]
    /// As the lanes of `Templates/lanes.yaml` have it.
    private static let fragment = [
      "CONFIG_KASAN=n", "CONFIG_KCSAN=n", "CONFIG_KMSAN=n", "CONFIG_KCOV=n", "CONFIG_UBSAN=n", "CONFIG_GCOV_KERNEL=n",
      "CONFIG_DEBUG_INFO_NONE=y", "CONFIG_WERROR=n", "CONFIG_MODVERSIONS=n", "CONFIG_TRIM_UNUSED_KSYMS=n",
    ]
    private static let tree = Task {
      try await RealTree(in: Command.package + "/.build/real-make", lanes: lanes, fragment: fragment)
    }

    /// A mistake for each seed; the seed 0 stands for the series as it is.
    private static let seeds: [Int] = {
      let first = Int(ProcessInfo.processInfo.environment["SERIESMITH_TEST_SEED"] ?? "") ?? 1
      let count = Int(ProcessInfo.processInfo.environment["SERIESMITH_MISTAKES"] ?? "") ?? 40
      return [0] + Array(first..<first + count)
    }()

    @Test(arguments: seeds) func makeAgrees(seed: Int) async throws {
      var random = SplitMix(state: UInt64(seed))
      var series = try await FaultySeries()
      var mistake: Mutation?
      while seed > 0, mistake == nil { mistake = try Mutation(in: &series, below: Self.folders, using: &random) }
      let words = "seed \(seed): \(mistake?.words ?? "no mistake")"
      let real = try await Self.tree.value.firstBad(of: series.states, from: mistake?.patch ?? 1)
      let run = try await withScratchFolder { [series] folder in
        try series.write(to: folder)
        return try await VerifyRun.verify(folder, lanes: Self.lanes.map(\.name), options: ["--keep-going"])
      }
      let said = run.report.firstBadBuild
      print("\(words)\n  make:   \(real?.description ?? "stands")\n  verify: \(said?.description ?? "stands")")
      #expect(said?.commit == real?.commit, "\(words): \(real?.messages ?? []) \(run.output)")
      guard let said, let real else { return }
      // Where a file is named by both, or none can be: make names an object, verify what lacks the object.
      #expect(
        !said.files.isDisjoint(with: real.files) || said.files.isEmpty && real.files.isEmpty,
        "\(words): \(real.messages) \(run.output)")
    }
  }

  /// The first state that make does not build as it builds the base.
  fileprivate struct BadBuild: CustomStringConvertible {
    var commit: Int
    var files: Set<String>
    var messages: [String]
    var description: String { "\(commit): \(files.sorted().joined(separator: " ")): \(messages.first ?? "")" }
  }
}

extension RealTree {
  /// The first state that make finds fault with.
  ///
  /// - Parameter first: the first patch that is not as in the series that is known to build.
  fileprivate func firstBad(
    of states: [FaultySeries.State], from first: Int
  ) async throws -> OnTheEmbeddedKernel.BadBuild? {
    for commit in states.indices.map({ $0 + 1 }) where commit >= first {
      var found: [Message] = []
      for lane in lanes { found += try await messages(of: states[commit - 1], lane) }
      if !found.isEmpty {
        return .init(commit: commit, files: Set(found.compactMap(\.file)), messages: found.map(\.text))
      }
    }
    return nil
  }
}

extension VerifyRun.Report {
  /// The first commit that a compiler, Kconfig or modpost finds fault with.
  fileprivate var firstBadBuild: OnTheEmbeddedKernel.BadBuild? {
    for commit in commits {
      let failed = commit.checks.filter { ["compile", "link", "apply"].contains($0.name) && $0.verdict == "fail" }
      if failed.isEmpty { continue }
      let findings = failed.flatMap(\.findings)
      return .init(
        commit: commit.index, files: Set(findings.compactMap(\.file)), messages: findings.map(\.message))
    }
    return nil
  }
}
