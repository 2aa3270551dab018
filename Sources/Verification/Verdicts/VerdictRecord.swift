public import Diagnostics
import FoundationEssentials
import Git
public import Kbuild

/// What `verify` reported about a folder of patches or a range at depth full, kept for `mail` and for b4. It is found
/// again only for the very same bytes, base, lanes and acceptances.
public struct VerdictRecord: Hashable, Sendable, Codable {
  /// The verdict on the whole series.
  public var verdict: SeriesVerdict
  /// The ids of the base's tree and of the tree after each patch, in hexadecimal.
  public var trees: [String]
  /// The verdict on each commit.
  public var commits: [SeriesVerdict]
  /// The lanes that compiled something of the series.
  public var lanes: [String]
  /// The changed files that no check has looked at, without accepted ones.
  public var unchecked: [String]
  /// The findings of checks that did not pass and of checkpatch, without accepted ones.
  public var remarks: [Remark]

  /// A finding, the check that reported it, and the commit.
  public struct Remark: Hashable, Sendable, Codable {
    /// The commit's position in the series, one-based.
    public var commit: Int
    /// The check that reported the finding.
    public var check: CheckName
    /// What the check reported; storing the record drops the notes.
    public var finding: ReportedFinding
  }

  init(_ report: VerifyReport) {
    verdict = report.verdict
    trees = [report.base.tree] + report.commits.compactMap(\.tree)
    commits = report.commits.map(\.verdict)
    let compiled = report.commits.flatMap(\.checks).filter { $0.name == .compile && $0.units > 0 }
    lanes = Set(compiled.compactMap(\.lane)).sorted()
    unchecked = report.coverage.unchecked.filter { $0.accepted == nil }.map(\.file)
    remarks = report.commits.flatMap { commit in
      commit.checks.filter { $0.verdict != .pass || $0.name == .style }.flatMap { check in
        check.findings.filter { $0.accepted == nil }
          .map { Remark(commit: commit.index, check: check.name, finding: $0) }
      }
    }
  }

  /// The record kept as the answer to a question; nil when there is none.
  nonisolated(nonsending) static func kept(answering question: String, in cache: String) async throws(Failure) -> Self?
  {
    let scratch = try await Scratch.make(in: cache)
    defer { withExtendedLifetime(scratch) {} }
    return records(in: cache, scratch.path).value(key(question))
  }

  /// Keeps the record as the answer to a question, for this build of the program. The patches of a series that stands
  /// are then known by themselves.
  nonisolated(nonsending) func keep(
    answering question: VerdictQuestion, in cache: String
  ) async throws(Failure) {
    let scratch = try await Scratch.make(in: cache)
    defer { withExtendedLifetime(scratch) {} }
    let store = Self.records(in: cache, scratch.path)
    try store.write(encoding: self, Self.key(question.digest))
    if verdict == .stands { try StoodSeries(patches: question.patches, trees: trees).keep(question.lanes, in: store) }
  }

  static func records(in cache: String, _ scratch: String) -> VerdictStore {
    VerdictStore(directory: "\(cache)/verdicts", temporary: scratch)
  }

  private static func key(_ question: String) -> VerdictKey {
    VerdictKey(["record", VerdictKey.program, question])
  }
}

extension VerdictRecord {
  /// What was found in a commit, as b4 reads it: a line each, failures with `ERROR:`.
  public func remarks(on index: Int) -> [String] {
    var lines = remarks.filter { $0.commit == index }.map { remark in
      let finding = remark.finding
      let place = finding.file.map { file in finding.line.map { "\(file):\($0): " } ?? "\(file): " } ?? ""
      return "\(finding.severity == .error ? "ERROR" : "WARNING"): \(remark.check.rawValue): \(place)\(finding.message)"
    }
    switch index <= commits.count ? commits[index - 1] : .incomplete {
    case .stands: break
    case .falls where lines.contains { $0.hasPrefix("ERROR:") }: break
    case .falls: lines.append("ERROR: the commit does not stand; `seriesmith verify --depth full` shows why")
    case .incomplete:
      lines.append("WARNING: not all of it could be checked; `seriesmith verify --depth full` shows what")
    }
    return lines
  }
}

extension Verifier {
  /// The record of a range, which is verified if it was not before.
  public nonisolated(nonsending) func recorded(_ range: String) async throws(Failure) -> VerdictRecord {
    if let record = try await record(of: range, base: "HEAD") { return record }
    return VerdictRecord(try await verify(range))
  }

  /// The record of an earlier run over a folder or range as it is now, at this verifier's depth and lanes; nil if there
  /// is none.
  public nonisolated(nonsending) func record(
    of source: String, base revision: String
  ) async throws(Failure) -> VerdictRecord? {
    guard let question = try await question(source, base: revision) else { return nil }
    return try await VerdictRecord.kept(answering: question.digest, in: cache)
  }

  /// The base's own scripts, in the checkout that verification uses.
  public nonisolated(nonsending) func scripts(ofBase revision: String) async throws(Failure) -> KernelScripts {
    let scratch = try await Scratch.make(in: cache)
    defer { withExtendedLifetime(scratch) {} }
    let base = try await BaseCheckout.make(
      repository.resolve(revision).tree, from: repository, cache: cache, scratch: scratch.path, progress: progress)
    return KernelScripts(SourceTree(path: base.directory, tree: base.id))
  }
}
