public import Diagnostics
import FoundationEssentials
import Git
public import Kbuild

/// What `verify` said of a folder of patches at depth full, kept for `mail`. It is found again for the very same bytes,
/// base, lanes and acceptances only.
public struct VerdictRecord: Hashable, Sendable, Codable {
  public var verdict: SeriesVerdict
  /// The ids of the base's tree and of those after each patch, in hexadecimal.
  public var trees: [String]
  /// The lanes that compiled something of the series.
  public var lanes: [String]
  /// What checks that did not pass have found, and what checkpatch has, without what is accepted.
  public var remarks: [Remark]

  public struct Remark: Hashable, Sendable, Codable {
    /// The commit it is about, one-based.
    public var commit: Int
    public var check: CheckName
    public var finding: ReportedFinding
  }

  init(_ report: VerifyReport) {
    verdict = report.verdict
    trees = [report.base.tree] + report.commits.compactMap(\.tree)
    let compiled = report.commits.flatMap(\.checks).filter { $0.name == .compile && $0.units > 0 }
    lanes = Set(compiled.compactMap(\.lane)).sorted()
    remarks = report.commits.flatMap { commit in
      commit.checks.filter { $0.verdict != .pass || $0.name == .style }.flatMap { check in
        check.findings.filter { $0.accepted == nil }
          .map { Remark(commit: commit.index, check: check.name, finding: $0) }
      }
    }
  }

  /// What was kept as the answer to a question; nil when nothing was.
  nonisolated(nonsending) static func kept(answering question: String, in cache: String) async throws(Failure) -> Self?
  {
    let scratch = try await Scratch.make(in: cache)
    defer { withExtendedLifetime(scratch) {} }
    return records(in: cache, scratch.path).read(key(question)).flatMap { bytes in
      try? JSONDecoder().decode(Self.self, from: Data(bytes))
    }
  }

  /// Keeps it as the answer to a question, for this build of the program.
  nonisolated(nonsending) func keep(answering question: String, in cache: String) async throws(Failure) {
    guard try await Self.kept(answering: question, in: cache) != self, let data = try? JSONEncoder().encode(self) else {
      return
    }
    let scratch = try await Scratch.make(in: cache)
    defer { withExtendedLifetime(scratch) {} }
    try Self.records(in: cache, scratch.path).write(Array(data), Self.key(question))
  }

  private static func records(in cache: String, _ scratch: String) -> VerdictStore {
    VerdictStore(directory: "\(cache)/verdicts", temporary: scratch)
  }

  private static func key(_ question: String) -> VerdictKey {
    VerdictKey(["record", VerdictKey.program, question])
  }
}

extension Verifier {
  /// What an earlier run of this verifier's depth and lanes said of a folder as it is now; nil where there was none.
  public nonisolated(nonsending) func record(
    of folder: String, base revision: String
  ) async throws(Failure) -> VerdictRecord? {
    guard let question = try question(folder, base: revision) else { return nil }
    return try await VerdictRecord.kept(answering: question, in: cache)
  }

  /// The base's own scripts, in the checkout of it that verification uses.
  public nonisolated(nonsending) func scripts(ofBase revision: String) async throws(Failure) -> KernelScripts {
    let scratch = try await Scratch.make(in: cache)
    defer { withExtendedLifetime(scratch) {} }
    let base = try await BaseCheckout.make(
      repository.resolve(revision).tree, from: repository, cache: cache, scratch: scratch.path, progress: progress)
    return KernelScripts(SourceTree(path: base.directory, tree: base.id))
  }

  /// What a verification of a folder answers, in digits: its patches, base, lanes and acceptances. Nil for what is no
  /// folder of patches, and for a depth that nobody asks about later.
  func question(_ folder: String, base revision: String) throws(Failure) -> String? {
    guard depth == .full, let files = try SeriesSource.files(in: folder) else { return nil }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    guard let lanes = try? encoder.encode(lanes) else { return nil }
    return VerdictKey(
      [try repository.resolve(revision).tree.hex, lanes.base64EncodedString()]
        + accepted.flatMap { [$0.check.rawValue, $0.file, $0.message] }
        + files.map { VerdictKey.digest(of: $0.bytes) }
    ).digest
  }
}
