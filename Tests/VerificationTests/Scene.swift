import Diagnostics
import Foundation
import Git
import GitBinary
import Kbuild
import TreeIndex

@testable import Verification

/// A small kernel in a repository of its own, and series of commits on it.
final class Scene {
  let scratch: ScratchRepository
  let cache: String
  private(set) var base: BaseTree
  private(set) var repository: Repository
  let index: TreeIndex

  init(_ files: [String: String]) async throws {
    scratch = try ScratchRepository()
    for (path, text) in files { try scratch.write(text, to: path) }
    try scratch.commit()
    cache = scratch.path + "/.git/cache"
    repository = try Repository(opening: scratch.path)
    let tree = try repository.resolve("HEAD").tree
    base = BaseTree(id: tree.hex, directory: "\(cache)/tree", paths: files.keys.sorted())
    try repository.checkout(tree: tree, into: base.directory)
    try scratch.git("tag", "base")
    index = try await TreeIndex.of(tree, in: repository, keptIn: "\(cache)/indexes", jobs: 1)
  }

  var store: VerdictStore { VerdictStore(directory: "\(cache)/verdicts", temporary: cache) }

  /// Commits each step, which changes files (nil deletes one), and returns the states.
  func states(_ steps: [[String: String?]]) async throws -> SeriesStates {
    try scratch.git("checkout", "--quiet", "--detach", "base")
    for step in steps {
      for (path, text) in step {
        if let text { try scratch.write(text, to: path) } else { try scratch.git("rm", "--quiet", path) }
      }
      try scratch.commit()
    }
    repository = try Repository(opening: scratch.path)
    return try await SeriesStates(try source(), base: try repository.resolve("base").tree, in: repository)
  }

  func source() throws -> SeriesSource { try SeriesSource.range("base..HEAD", in: repository).source }

  /// The report of a series, compiled by `compilers`.
  func report(
    _ steps: [[String: String?]], _ compilers: [FakeCompiler], exhaustive: Bool = false,
    accepted: [Acceptance] = []
  ) async throws -> VerifyReport {
    let states = try await states(steps)
    var run = VerificationRun(
      source: try source(), states: states, base: .init(rev: "base", tree: base.id), accepted: accepted)
    let lanes = compilers.map { lane($0, states) }
    try await run.compile(
      in: LaneTools(compilers: lanes, checkers: []), base: base, index: index, store: store, exhaustive: exhaustive,
      progress: .silent)
    run.account(base: base)
    try await run.explain(base: base)
    return run.report()
  }

  /// A lane whose configuration serves all states.
  func lane(_ compiler: FakeCompiler, _ states: SeriesStates) -> LaneCompilers {
    compiler.views = [TreeView(base: base)] + states.states.map { TreeView(base: base, overlay: $0.overlay) }
    let overlays = Dictionary(uniqueKeysWithValues: states.states.map { ($0.index, $0.overlay) })
    let epoch = Epoch(root: base, states: 0...states.states.count, overlays: overlays, base: base)
    return LaneCompilers(
      name: compiler.lane, architecture: compiler.architecture,
      epochs: [StoredCompiler(compiler, store: store, epoch: epoch)])
  }
}
