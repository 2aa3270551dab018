import Diagnostics
import Foundation
import Git
import GitBinary
import Kbuild

@testable import Verification

/// A small kernel in a repository of its own, and series of commits on it.
final class Scene {
  let scratch: ScratchRepository
  let cache: String
  private(set) var base: BaseTree
  private(set) var repository: Repository

  init(_ files: [String: String]) throws {
    scratch = try ScratchRepository()
    for (path, text) in files { try scratch.write(text, to: path) }
    try scratch.commit()
    cache = scratch.path + "/.git/cache"
    repository = try Repository(opening: scratch.path)
    let tree = try repository.resolve("HEAD").tree
    base = BaseTree(id: tree.hex, directory: "\(cache)/tree", paths: files.keys.sorted())
    try repository.checkout(tree: tree, into: base.directory)
    try scratch.git("tag", "base")
  }

  var store: VerdictStore { VerdictStore(directory: "\(cache)/verdicts") }
  var sources: SourceIndex { SourceIndex(base: base, store: store) }

  /// Commits each step, a change of files (nil deletes one), and returns the states.
  func states(_ steps: [[String: String?]]) throws -> SeriesStates {
    try scratch.git("checkout", "--quiet", "--detach", "base")
    for step in steps {
      for (path, text) in step {
        if let text { try scratch.write(text, to: path) } else { try scratch.git("rm", "--quiet", path) }
      }
      try scratch.commit()
    }
    repository = try Repository(opening: scratch.path)
    return try SeriesStates(try source(), base: try repository.resolve("base").tree, in: repository)
  }

  func source() throws -> SeriesSource { try SeriesSource.read("base..HEAD", in: repository).source }

  /// The report of a series, compiled by `compilers`.
  func report(
    _ steps: [[String: String?]], _ compilers: [FakeCompiler], restricted: Bool = false
  ) async throws -> VerifyReport {
    let states = try states(steps)
    var findings = VerificationFindings(
      source: try source(), states: states, base: .init(rev: "base", tree: base.id))
    try await findings.compile(
      with: compilers.map { StoredCompiler($0, store: store, base: base) }, base: base, sources: sources,
      restricted: restricted, progress: .silent)
    return findings.report()
  }
}
