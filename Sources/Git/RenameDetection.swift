import Diagnostics
import PatchSeries

/// Pairs deleted with added files as git does with its default options (diffcore-rename.c): first those with the same
/// contents, then those alike that have a name of their own, then the best pairs of all that are left.
struct RenameDetection {
  private struct Candidate {
    var target: Int
    var source: Int
    var score: Int
    var sameName: Bool

    func isBetter(than other: Candidate) -> Bool {
      score == other.score ? sameName && !other.sameName : score > other.score
    }
  }

  /// Git's `diff.renameLimit`: with more pairs than its square, files that were changed are not looked at.
  private static let limit = 1000
  /// Git keeps this many candidates for each new file.
  private static let candidatesPerTarget = 4

  private let repository: Repository
  private let sources: [Change]
  private let targets: [Change]
  private var used: Set<Int> = []
  private var similarities: [ObjectID: Similarity] = [:]
  /// The source and score of each target that is a rename.
  private var renames: [Int: (source: Int, score: Int)] = [:]

  init(_ repository: Repository, sources: [Change], targets: [Change]) {
    self.repository = repository
    self.sources = sources
    self.targets = targets
  }

  /// The renames, to be put in place of their sources and targets.
  mutating func detect() throws(Failure) -> [Change] {
    guard !sources.isEmpty, !targets.isEmpty else { return [] }
    findExact()
    try findByName()
    try findBest()
    return renames.map { target, found in
      var change = targets[target]
      let source = sources[found.source]
      change.status = .renamed
      change.oldPath = source.path
      change.oldID = source.oldID
      change.oldMode = source.oldMode
      change.similarity = found.score * 100 / Similarity.identical
      return change
    }
  }

  private mutating func record(_ source: Int, _ target: Int, _ score: Int) {
    used.insert(source)
    renames[target] = (source, score)
  }

  private mutating func findExact() {
    let byID = Dictionary(grouping: sources.indices) { sources[$0].oldID }
    for target in targets.indices {
      let same = (byID[targets[target].newID] ?? []).filter { source in
        let (old, new) = (sources[source].oldMode, targets[target].newMode)
        return !used.contains(source) && (old == new || (old?.isFile == true && new?.isFile == true))
      }
      let source = same.first { Self.name(sources[$0]) == Self.name(targets[target]) } ?? same.first
      if let source { record(source, target, Similarity.identical) }
    }
  }

  private mutating func findByName() throws(Failure) {
    let left = sources.indices.filter { !used.contains($0) }
    let byName = Dictionary(grouping: left) { Self.name(sources[$0]) }
    let targetsByName = Dictionary(grouping: targets.indices.filter { renames[$0] == nil }) { Self.name(targets[$0]) }
    let least = Similarity.least + (Similarity.identical - Similarity.least) / 2
    for source in left {
      let name = Self.name(sources[source])
      guard byName[name]?.count == 1, let same = targetsByName[name], same.count == 1, let target = same.first
      else { continue }
      let score = try score(source, target, least)
      if score >= least { record(source, target, score) }
    }
  }

  private mutating func findBest() throws(Failure) {
    let left = sources.indices.filter { !used.contains($0) }
    let open = targets.indices.filter { renames[$0] == nil }
    guard left.count * open.count <= Self.limit * Self.limit else { return }
    var candidates: [Candidate] = []
    for target in open {
      var best: [Candidate] = []
      for source in left {
        let candidate = Candidate(
          target: target, source: source, score: try score(source, target, Similarity.least),
          sameName: Self.name(sources[source]) == Self.name(targets[target]))
        if best.count < Self.candidatesPerTarget {
          best.append(candidate)
        } else if let worst = best.indices.max(by: { best[$0].isBetter(than: best[$1]) }),
          candidate.isBetter(than: best[worst])
        {
          best[worst] = candidate
        }
      }
      candidates += best
    }
    // Swift's sort is stable, as git's must be here.
    candidates.sort { $0.isBetter(than: $1) }
    for candidate in candidates where candidate.score >= Similarity.least {
      if renames[candidate.target] != nil || used.contains(candidate.source) { continue }
      record(candidate.source, candidate.target, candidate.score)
    }
  }

  private mutating func score(_ source: Int, _ target: Int, _ least: Int) throws(Failure) -> Int {
    guard let old = sources[source].oldID, let new = targets[target].newID, sources[source].oldMode?.isFile == true,
      targets[target].newMode?.isFile == true
    else { return 0 }
    return try similarity(old).score(to: try similarity(new), least: least)
  }

  private mutating func similarity(_ id: ObjectID) throws(Failure) -> Similarity {
    if let known = similarities[id] { return known }
    let bytes = try repository.blob(id)
    let similarity = Similarity(bytes, isText: !bytes.prefix(8000).contains(0))
    similarities[id] = similarity
    return similarity
  }

  private static func name(_ change: Change) -> Substring {
    change.path.split(separator: "/").last ?? ""
  }
}
