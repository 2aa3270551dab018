public import Diagnostics
import FoundationEssentials
public import Git
public import Kbuild
import PatchSeries
import Processes

/// Verifies that every commit of a series stands alone. The repository is only read.
public struct Verifier {
  let repository: Repository
  let cache: String
  let lanes: [Lane]
  /// Whether the user chose fewer lanes than there are, so that an uncompiled file is no fault of the series.
  let lanesAreRestricted: Bool
  let depth: Depth
  let jobs: Int
  let progress: Progress

  /// - Parameters:
  ///   - cache: the cache folder. The base's checkout, the lanes and the verdicts are kept in it.
  ///   - jobs: how many compilers may run at once.
  public init(
    repository: Repository, cache: String, lanes: [Lane], lanesAreRestricted: Bool = false, depth: Depth = .compile,
    jobs: Int, progress: Progress = .silent
  ) {
    self.repository = repository
    self.cache = cache
    self.lanes = lanes
    self.lanesAreRestricted = lanesAreRestricted
    self.depth = depth
    self.jobs = jobs
    self.progress = progress
  }

  /// Verifies a series.
  ///
  /// - Parameters:
  ///   - text: a folder of patches, an mbox file, or a range `A..B`.
  ///   - base: the revision the series applies to; a range starts from its own.
  /// - Throws: `Failure(.input)` for a source or revision that cannot be read; `Failure(.unavailable)` when a lane cannot
  ///   be prepared; `Failure(.interrupted)`. A series that falls is a report.
  public nonisolated(nonsending) func verify(
    _ text: String, base: String = "HEAD"
  ) async throws(Failure) -> VerifyReport {
    let (source, rangeBase) = try SeriesSource.read(text, in: repository)
    return try await verify(source, base: rangeBase ?? base)
  }

  /// Verifies a series that was read already.
  public nonisolated(nonsending) func verify(
    _ source: SeriesSource, base revision: String
  ) async throws(Failure) -> VerifyReport {
    let commit = try repository.resolve(revision)
    let start = ContinuousClock.now
    let states = try SeriesStates(source, base: commit.tree, in: repository)
    var findings = VerificationFindings(
      source: source, states: states, base: .init(rev: commit.id.hex, tree: commit.tree.hex))
    findings.applySeconds = (ContinuousClock.now - start).seconds
    guard depth >= .structure, !states.states.isEmpty else { return findings.report() }

    let base = try await BaseCheckout.make(commit.tree, from: repository, cache: cache, progress: progress)
    let store = VerdictStore(directory: "\(cache)/verdicts")
    let sources = SourceIndex(base: base, store: store)
    try await findings.checkStructure(base: base, sources: sources)
    guard depth >= .compile else { return findings.report() }
    try await compile(&findings, base: base, sources: sources, store: store)
    return findings.report()
  }

  private nonisolated(nonsending) func compile(
    _ findings: inout VerificationFindings, base: BaseTree, sources: SourceIndex, store: VerdictStore
  ) async throws(Failure) {
    let states = findings.states.states
    let scratch = "\(cache)/scratch/\(UUID().uuidString)"
    try makeFolder(scratch)
    defer { try? FileManager.default.removeItem(atPath: scratch) }

    let kernel = SourceTree(path: base.directory, tree: base.id)
    let kbuild = Kbuild(cache: cache, progress: progress, jobs: jobs)
    let slots = JobSlots(jobs)
    var overlays: [Int: Overlay] = [:]
    for state in states {
      overlays[state.index] = try Overlay(
        state.overlay.mapValues(\.bytes), over: kernel, in: "\(scratch)/state-\(state.index)")
    }
    var compilers: [StoredCompiler] = []
    for lane in lanes {
      let compiler = KbuildUnitCompiler(
        kbuild: kbuild, prepared: try await kbuild.prepare(lane, source: kernel), slots: slots, overlays: overlays,
        scratch: scratch)
      compilers.append(StoredCompiler(compiler, store: store, base: base))
    }
    try await findings.compile(
      with: compilers, base: base, sources: sources, restricted: lanesAreRestricted, progress: progress)
  }
}
