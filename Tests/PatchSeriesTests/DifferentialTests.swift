import Diagnostics
import Foundation
import Git
import GitBinary
import PatchSeries
import Testing

/// The readers and the applier against git's own, on patches and mails of which most are damaged: the same result, or
/// both refuse. Where git reads past damage we may refuse, and say why.
@Suite(.serialized) struct DifferentialTests {
  private let scratch: ScratchRepository

  init() throws { scratch = try ScratchRepository() }

  private static var seed: UInt64 {
    ProcessInfo.processInfo.environment["SERIESMITH_TEST_SEED"].flatMap { UInt64($0) } ?? 1
  }

  /// What came of one patch, by git and by us.
  private struct Counts: CustomStringConvertible {
    var same = 0
    var refused = 0
    var stricter = 0
    /// What we alone say.
    var reasons: [String: Int] = [:]

    var description: String { "\(same) the same, \(refused) refused by both, \(stricter) by us alone: \(reasons)" }

    /// - Parameter isMeant: whether a refusal is one that git does not know.
    mutating func add<Value: Equatable>(
      _ found: Result<Value, Failure>, _ expected: Value?, case number: Int, _ input: [UInt8],
      isMeant: (Failure) -> Bool
    ) {
      let about = Comment(
        rawValue:
          "seed \(seed), case \(number): \(found), git: \(expected as Any)\n\(String(decoding: input, as: UTF8.self))")
      switch (found, expected) {
      case (.success(let value), _):
        same += 1
        let isSame = value == expected
        #expect(isSame, about)
      case (.failure, nil): refused += 1
      case (.failure(let failure), _):
        stricter += 1
        reasons[failure.findings.first?.message ?? "", default: 0] += 1
        let isMeant = isMeant(failure)
        #expect(isMeant, about)
      }
    }
  }

  @Test func diffsGiveGitsTree() async throws {
    var random = SplitMix(state: Self.seed)
    let diffs = try DamagedDiffs(scratch, using: &random)
    let cases = try (0..<(Extent.isFull ? 5000 : 1500)).map { _ in try diffs.next(using: &random) }
    let answers = try await answers(
      to: cases,
      """
      if git apply --cached $case >/dev/null 2>&1; then git write-tree >$case.tree; fi
      """)
    var counts = Counts()
    for (index, patch) in cases.enumerated() {
      let result = Result { () throws(Failure) in
        try diffs.repository.applying(patch, to: diffs.base, name: "p", placement: .asGit).tree.hex
      }
      counts.add(result, answers("tree", index), case: index, patch) { failure in
        failure.status == .input || failure.findings.contains(where: Self.isStricter)
      }
    }
    // Neither most of what is tried applies, nor most of it is refused.
    #expect(
      counts.same > cases.count / 4 && counts.refused > cases.count / 4 && counts.stricter < cases.count / 5,
      "\(counts)")
  }

  /// A line without a newline ends its file, data of a binary file must be whole, and no file is added twice.
  private static func isStricter(_ finding: Finding) -> Bool {
    finding.notes.contains { $0.contains("without a newline") } || finding.message.hasPrefix("binary patch of")
      || finding.message.hasSuffix("which already exists")
  }

  /// What `git am` would commit, as it stands in the commit but for who commits.
  private static func commit(tree: String, author: String, message: String) -> String {
    "tree \(tree)\nauthor \(author)\n\n\(message)"
  }

  @Test func mailsGiveGitsCommit() async throws {
    var random = SplitMix(state: Self.seed)
    let diffs = try DamagedDiffs(scratch, using: &random)
    let cases = try (0..<(Extent.isFull ? 10_000 : 300)).map { _ in
      DamagedMails.next(diff: try diffs.next(damages: 0, using: &random), using: &random)
    }
    let answers = try await answers(
      to: cases,
      """
      rm -rf .git/split
      mkdir .git/split
      case $(head -c 13 $case) in "From mboxrd@z") form=--mboxrd;; *) form=;; esac
      git mailsplit -b $form -o.git/split $case >$case.count 2>/dev/null
      if [ "$(cat $case.count)" = 1 ] &&
          git mailinfo $case.text $case.diff <.git/split/0001 >$case.info 2>/dev/null &&
          git apply --cached $case.diff >/dev/null 2>&1; then
        { sed -n 's/^Subject: //p' $case.info; echo; cat $case.text; } | git stripspace >$case.message
        if commit=$(GIT_AUTHOR_NAME="$(sed -n 's/^Author: //p' $case.info)" \\
          GIT_AUTHOR_EMAIL="$(sed -n 's/^Email: //p' $case.info)" \\
          GIT_AUTHOR_DATE="$(grep '^Date: .' $case.info | sed 's/^Date: //' | grep . || echo @0 +0000)" \\
          git commit-tree $(git write-tree) <$case.message 2>/dev/null)
        then git cat-file commit $commit | sed '1,/^$/{/^committer /d}' >$case.commit; fi
      fi
      """)
    var counts = Counts()
    for (index, mail) in cases.enumerated() {
      let result: Result<String, Failure>
      do throws(Failure) {
        let patch = try await PatchReader.patch(mail, file: "p")
        let tree = try diffs.repository.applying(patch.diff, to: diffs.base, name: "p", placement: .asGit).tree
        let author = patch.author
        result = .success(
          Self.commit(
            tree: tree.hex, author: "\(author.name) <\(author.email)> \(author.seconds) \(author.offset)",
            message: patch.message.trimmingCharacters(in: .newlines)))
      } catch {
        result = .failure(error)
      }
      counts.add(result, answers("commit", index), case: index, mail) {
        $0.status == .input || $0.findings.contains(where: Self.isStricter)
      }
    }
    #expect(
      counts.same > cases.count / 6 && counts.refused > cases.count / 12 && counts.stricter < cases.count / 8,
      "\(counts)")
  }

  /// Runs a script for each input, which is the file `$case`. What it leaves beside the file is the answer.
  private func answers(
    to inputs: [[UInt8]], _ script: String
  ) async throws -> (_ ending: String, _ index: Int) -> String? {
    let folder = scratch.path + "/.git/cases"
    for (index, input) in inputs.enumerated() { try scratch.write(input, to: ".git/cases/\(index)") }
    // Other tests get their turn now and then: a command that is waited for keeps a thread of the few there are.
    for start in stride(from: 0, to: inputs.count, by: 50) {
      try scratch.write(
        """
        export GIT_INDEX_FILE="$PWD/.git/cases/index"
        for number in $(seq \(start) \(min(start + 50, inputs.count) - 1)); do
        case=.git/cases/$number
        cp .git/index "$GIT_INDEX_FILE"
        rm -f "$GIT_INDEX_FILE.lock"
        \(script)
        done
        """, to: ".git/each")
      try scratch.git("-c", "alias.each=!sh .git/each", "each")
      await Task.yield()
    }
    return { ending, index in
      FileManager.default.contents(atPath: "\(folder)/\(index).\(ending)").map {
        String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .newlines)
      }
    }
  }
}
