import Diagnostics
import Foundation
import Git
import GitBinary
import PatchSeries
import Testing

/// The reader and the applier against git's own, on patches of which most are damaged: the same tree, or both refuse.
@Suite struct DifferentialTests {
  private let scratch: ScratchRepository

  init() throws { scratch = try ScratchRepository() }

  private static var seed: UInt64 {
    ProcessInfo.processInfo.environment["SERIESMITH_TEST_SEED"].flatMap { UInt64($0) } ?? 1
  }

  private static let cases = 2000

  @Test func diffsGiveGitsTreeOrNone() throws {
    var random = FixedRandom(state: Self.seed)
    let diffs = try DamagedDiffs(scratch, using: &random)
    let cases = try (0..<Self.cases).map { _ in try diffs.next(using: &random) }
    let answers = try answers(cases)
    var counts = (same: 0, refused: 0, stricter: 0)
    for (index, patch) in cases.enumerated() {
      let result = Result { () throws(Failure) in try diffs.repository.apply(patch, to: diffs.base, name: "p") }
      switch (result, answers[index].tree) {
      case (.success(let found), let expected):
        counts.same += 1
        let isSame = found.hex == expected
        #expect(isSame, "seed \(Self.seed), case \(index): \(answers[index].said)\n\(shown(patch))")
      case (.failure, nil): counts.refused += 1
      case (.failure(let failure), _):
        counts.stricter += 1
        let isMeant = failure.status == .input || failure.findings.contains(where: Self.isStricter)
        #expect(isMeant, "seed \(Self.seed), case \(index): \(failure.findings)\n\(shown(patch))")
      }
    }
    // Neither most of what is tried applies, nor most of it is refused.
    #expect(counts.same > Self.cases / 4 && counts.refused > Self.cases / 4, "\(counts)")
    #expect(counts.stricter < Self.cases / 5, "\(counts)")
  }

  /// Whether a refusal is one that git does not know: a hunk must stand where it says, data of a binary file must be
  /// whole and a patch must not add a file twice.
  private static func isStricter(_ finding: Finding) -> Bool {
    finding.notes.contains {
      $0.contains("its lines stand at line") || $0.contains("the hunk starts after line")
        || $0.contains("without a newline")
    }
      || finding.message.hasPrefix("binary patch of") || finding.message.hasSuffix("which exists already")
  }

  private func shown(_ patch: [UInt8]) -> String { String(decoding: patch, as: UTF8.self) }

  private struct Answer {
    var tree: String?
    var said: String
  }

  /// What `git apply --cached` makes of each patch.
  private func answers(_ patches: [[UInt8]]) throws -> [Answer] {
    for (index, patch) in patches.enumerated() { try scratch.write(patch, to: ".git/cases/\(index)") }
    let script = """
      export GIT_INDEX_FILE="$PWD/.git/cases/index"
      for patch in $(seq 0 \(patches.count - 1)); do
        cp .git/index "$GIT_INDEX_FILE"
        rm -f "$GIT_INDEX_FILE.lock"
        if git apply --cached --verbose .git/cases/$patch >.git/cases/$patch.said 2>&1; then
          git write-tree >.git/cases/$patch.tree
        fi
      done
      """
    try scratch.write(script, to: ".git/cases/run")
    try scratch.git("-c", "alias.run=!sh .git/cases/run", "run")
    return patches.indices.map { index in
      func read(_ ending: String) -> String? {
        FileManager.default.contents(atPath: "\(scratch.path)/.git/cases/\(index).\(ending)").map {
          String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .newlines)
        }
      }
      return Answer(tree: read("tree"), said: read("said") ?? "")
    }
  }
}
