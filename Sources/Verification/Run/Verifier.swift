public import Diagnostics
import FoundationEssentials
public import Git
public import Kbuild
import PatchSeries
import Processes
import TreeIndex

/// Verifies that every commit of a series stands alone. The repository is only read.
public struct Verifier {
  let repository: Repository
  let cache: String
  let lanes: [Lane]
  let depth: Depth
  let exact: Bool
  let keepsGoing: Bool
  let accepted: [Acceptance]
  let exhaustive: Bool
  let jobs: Int
  let launcher: Launcher?
  let sandboxing: Sandboxing
  let progress: Progress

  /// - Parameters:
  ///   - cache: the cache folder. The base's checkout, the lanes and the verdicts are kept in it.
  ///   - exact: whether each hunk of a patch must apply at the line that it states.
  ///   - keepsGoing: whether a patch that does not apply is skipped, and those after it checked nevertheless.
  ///   - accepted: the findings that the author accepts.
  ///   - exhaustive: whether everything that includes a changed header is compiled.
  ///   - jobs: how many compilers may run at once.
  ///   - launcher: what the compilers run through; it affects no verdict.
  ///   - sandboxing: when builds run in a sandbox.
  public init(
    repository: Repository, cache: String, lanes: [Lane], depth: Depth = .compile, exact: Bool = false,
    keepsGoing: Bool = false, accepted: [Acceptance] = [],
    exhaustive: Bool = false, jobs: Int, launcher: Launcher? = nil, sandboxing: Sandboxing = .auto,
    progress: Progress = .silent
  ) {
    self.repository = repository
    self.cache = cache
    self.lanes = lanes
    self.depth = depth
    self.exact = exact
    self.keepsGoing = keepsGoing
    self.accepted = accepted
    self.exhaustive = exhaustive
    self.jobs = jobs
    self.launcher = launcher
    self.sandboxing = sandboxing
    self.progress = progress
  }

  /// Verifies a series.
  ///
  /// - Parameters:
  ///   - text: a folder of patches, a file, `-` for standard input, or a range `A..B`.
  ///   - base: the revision the series applies to; a range starts from its own.
  /// - Throws: `Failure(.input)` for a source or revision that cannot be read; `Failure(.unavailable)` when a lane cannot
  ///   be prepared; `Failure(.interrupted)`. A series that falls is a report, not an error.
  public nonisolated(nonsending) func verify(
    _ text: String, base: String = "HEAD"
  ) async throws(Failure) -> VerifyReport {
    let question = try await question(text, base: base)
    let (source, rangeBase) = try await SeriesSource.read(text, in: repository, exact: exact)
    let run = try await run(on: source, base: rangeBase ?? base)
    let report = run.report()
    // The folder may have been written to meanwhile.
    if let question, run.isExact, try await self.question(text, base: base) == question {
      try await VerdictRecord(report).keep(answering: question, in: cache)
    }
    return report
  }

  /// Verifies a series that has been read already.
  public nonisolated(nonsending) func verify(
    _ source: SeriesSource, base revision: String
  ) async throws(Failure) -> VerifyReport {
    try await run(on: source, base: revision).report()
  }

  /// Verifies a shard's part of a series.
  public nonisolated(nonsending) func verify(
    _ shard: Shard, of text: String, base: String = "HEAD"
  ) async throws(Failure) -> VerifyShard {
    let question = try await question(text, base: base)
    let (source, rangeBase) = try await SeriesSource.read(text, in: repository, exact: exact)
    let run = try await run(on: source, base: rangeBase ?? base, shard: shard)
    let isKept = try await self.question(text, base: base) == question && run.isExact
    return VerifyShard(
      question: isKept ? question : nil, depth: depth.rawValue,
      exhaustive: exhaustive, lanes: lanes(for: run.states), results: run.results)
  }

  private nonisolated(nonsending) func run(
    on source: SeriesSource, base revision: String, shard: Shard? = nil
  ) async throws(Failure) -> VerificationRun {
    var run = try await checked(source, base: revision, shard: shard)
    run.noteStrays(in: repository)
    return run
  }

  private nonisolated(nonsending) func checked(
    _ source: SeriesSource, base revision: String, shard: Shard?
  ) async throws(Failure) -> VerificationRun {
    let commit = try repository.resolve(revision)
    let start = ContinuousClock.now
    let states = try await SeriesStates(source, base: commit.tree, in: repository, keepsGoing: keepsGoing)
    var run = VerificationRun(
      source: source, states: states, base: .init(rev: commit.id.hex, tree: commit.tree.hex),
      accepted: accepted, shard: shard)
    run.results.applySeconds = (ContinuousClock.now - start).seconds
    guard depth >= .structure, !states.states.isEmpty else { return run }

    let scratch = try await Scratch.make(in: cache)
    defer { withExtendedLifetime(scratch) {} }
    let base = try await BaseCheckout.make(
      commit.tree, from: repository, cache: cache, scratch: scratch.path, progress: progress)
    let index = try await TreeIndex.of(
      commit.tree, in: repository, keptIn: "\(cache)/indexes", jobs: jobs, progress: progress)
    try await run.checkStructure(base: base, index: index)
    let verdicts = "\(cache)/verdicts"
    let store = VerdictStore(directory: verdicts, temporary: scratch.path)
    if depth >= .compile {
      let tools = try await tools(&run, base: base, store: store, scratch: scratch.path)
      try await run.compile(
        in: tools, base: base, index: index, store: store, exhaustive: exhaustive, progress: progress)
      run.results.work?.sandbox = tools.sandbox
      try await checkFiles(&run, base: base, store: store, scratch: scratch.path)
    }
    if depth >= .full { try await runScripts(&run, base: base, store: store, scratch: scratch.path) }
    run.account(base: base)
    try await progress.step("Looking for the patch that fixes what falls") { () async throws(Failure) in
      try await run.explain(base: base)
    }
    run.results.work?.places = launcher?.places
    if let work = run.results.work, work.compilations > 0 { VerdictStore.prune(verdicts) }
    return run
  }
}
