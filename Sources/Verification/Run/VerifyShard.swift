public import Diagnostics
public import FoundationEssentials
import Kbuild

/// What a shard's part of a verification found, as `--shard` writes it and `--merge` reads it.
///
/// It is not a `seriesmith.verify/1`, which is about a whole series. Only all lanes together tell whether a file is
/// compiled at all, or whether another lane checks what does not compile at the base in this one.
public struct VerifyShard: Sendable, Codable {
  /// The name and version of the JSON that this program writes and merges.
  public static let schema = "seriesmith.verify-shard/3"

  var schema = Self.schema
  /// What the whole verification answers; nil when nobody will ask.
  let question: VerdictQuestion?
  let depth: String
  let exhaustive: Bool
  /// All lanes that the series concerns, including those of other shards.
  let lanes: [Lane]
  let results: VerificationResults

  init(question: VerdictQuestion?, depth: String, exhaustive: Bool, lanes: [Lane], results: VerificationResults) {
    (self.question, self.depth, self.exhaustive) = (question, depth, exhaustive)
    (self.lanes, self.results) = (lanes, results)
  }

  /// What this part alone can report.
  public var report: VerifyReport { results.report() }

  /// The shard as `seriesmith.verify-shard/3`, for `--merge`.
  public func json() throws(Failure) -> Data { try ReportJSON.data(self) }

  /// Joins what all shards of a verification have found. The result for a folder of patches at depth full is kept for
  /// `mail`, as if it had been found here.
  ///
  /// - Parameters:
  ///   - files: what `--shard` wrote, each with the file's name.
  ///   - cache: the cache folder.
  /// - Throws: `Failure(.input)` for a file that is not a shard, for a shard of another verification, and when a shard
  ///   is missing or there twice; `Failure(.usage)` for no files.
  public static func merged(
    _ files: [(name: String, bytes: Data)], cache: String
  ) async throws(Failure) -> VerifyReport {
    var shards: [Int: (name: String, shard: VerifyShard)] = [:]
    var first: (name: String, shard: VerifyShard)?
    for (name, bytes) in files {
      let shard = try read(bytes, name)
      if let first, let difference = first.shard.difference(from: shard) {
        throw Failure(
          .input, at: Place(name), "\(difference) differs from that of \(first.name)",
          notes: ["merge the shards of one verification: the same series, base, depth and lanes"])
      }
      guard let index = shard.results.shard?.index else { continue }
      if let other = shards[index] {
        throw Failure(.input, at: Place(name), "repeats shard \(shard.name) of \(other.name)")
      }
      shards[index] = (name, shard)
      first = first ?? (name, shard)
    }
    guard let first, let count = first.shard.results.shard?.count else {
      throw Failure(.usage, "there is nothing to merge", notes: ["name the files that `verify --shard --json` wrote"])
    }
    let missing = (1...count).filter { shards[$0] == nil }.map { "\($0)/\(count)" }
    guard missing.isEmpty else {
      throw Failure(
        .input,
        missing.count == 1 ? "shard \(missing[0]) is missing" : "shards \(missing.joined(separator: ", ")) are missing",
        notes: missing.map { "seriesmith verify … --shard \($0) --json FILE" })
    }
    let parts = shards.sorted { $0.key < $1.key }.map(\.value.shard.results)
    let report = VerificationResults(joining: parts, lanes: first.shard.lanes.map(\.name)).report()
    if let question = first.shard.question {
      try await VerdictRecord(report).keep(answering: question, in: cache)
    }
    return report
  }

  private var name: String { results.shard?.description ?? "" }

  private static func read(_ bytes: Data, _ name: String) throws(Failure) -> VerifyShard {
    struct Header: Decodable {
      var schema: String
    }
    let schema = (try? JSONDecoder().decode(Header.self, from: bytes))?.schema
    guard schema == Self.schema, let shard = try? JSONDecoder().decode(VerifyShard.self, from: bytes),
      shard.results.shard != nil
    else {
      throw Failure(
        .input, at: Place(name), "was not written by verify --shard",
        notes: ["expected \(Self.schema), found \(schema ?? "no JSON with a schema")"])
    }
    return shard
  }

  /// What shows that two shards belong to different verifications; nil when nothing does.
  private func difference(from other: VerifyShard) -> String? {
    let (mine, its) = (results, other.results)
    // Places are left out: each machine has the files elsewhere.
    func accepted(_ results: VerificationResults) -> [[String]] {
      results.accepted.map { [$0.check?.rawValue ?? "", $0.file, $0.message, $0.reason] }
    }
    let differences = [
      ("base", mine.base != its.base),
      ("series", mine.subjects != its.subjects || mine.trees != its.trees),
      ("text of the patches", question != other.question),
      ("depth", depth != other.depth || exhaustive != other.exhaustive), ("list of lanes", lanes != other.lanes),
      ("list of accepted findings", accepted(mine) != accepted(its)),
      ("number of shards", mine.shard?.count != its.shard?.count),
    ]
    return differences.first { $0.1 }?.0
  }
}

extension VerificationResults {
  /// The results of a whole verification.
  ///
  /// - Parameters:
  ///   - parts: the results of all shards; at least one.
  ///   - lanes: all lanes, in their order.
  init(joining parts: [VerificationResults], lanes: [String]) {
    self = parts[0]
    shard = nil
    for part in parts.dropFirst() {
      reports.merge(part.reports) { first, _ in first }
      fileLooks.merge(part.fileLooks) { first, _ in first }
      cells += part.cells
      sparse = sparse.map { $0 + (part.sparse ?? []) }
      links.merge(part.links) { first, _ in first }
      if let other = part.work { work?.add(other) }
      for (state, problems) in part.unplaced {
        unplaced[state, default: [:]].merge(problems) { first, second in first + second.filter { !first.contains($0) } }
      }
      incomplete.formUnion(part.incomplete)
      strays.formUnion(part.strays)
      // What one shard has looked at is checked.
      unchecked.removeAll { file in !part.unchecked.contains { $0.path == file.path && $0.state == file.state } }
    }
    self.lanes = lanes.filter { name in parts.contains { $0.lanes.contains(name) } }
    // Only the shard that has its lane knows what fixes it.
    let bad = Explanation.plain(commits())
    firstBad = parts.lazy.compactMap(\.firstBad)
      .first { $0.index == bad?.index && $0.check == bad?.check && $0.lane == bad?.lane }
  }
}
