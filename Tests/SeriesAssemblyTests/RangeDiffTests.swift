import Diagnostics
import Foundation
import Git
import GitBinary
import Support
import Testing
import Verification

@testable import SeriesAssembly

/// Two versions of a series as branches of one repository.
@Suite struct RangeDiffTests {
  private let git: ScratchRepository
  private let signOff = "Signed-off-by: A U Thor <author@example.com>"

  init() throws {
    git = try ScratchRepository()
    try git.write((1...40).map { "line \($0)\n" }.joined(), to: "a.c")
    try git.write("b\n", to: "b.c")
    try git.commit("base")
    try git.git("branch", "base")
  }

  /// A branch of commits, each of which replaces a line of a file.
  private func branch(
    _ name: String, on base: String = "base", _ commits: [(message: String, file: String, old: String, new: String)]
  ) throws {
    try git.git("checkout", "--quiet", "-b", name, base)
    for commit in commits {
      let text = try String(contentsOfFile: "\(git.path)/\(commit.file)", encoding: .utf8)
      try git.write(text.replacing(commit.old + "\n", with: commit.new + "\n"), to: commit.file)
      try git.commit(commit.message)
    }
  }

  private func compare(_ old: String, _ new: String, since base: String = "base") async throws -> RangeDiff {
    let repository = try Repository(opening: git.path)
    func version(_ base: String, _ branch: String) async throws -> RangeDiff.Version {
      let source = try await SeriesSource.read("\(base)..\(branch)", in: repository).source
      return RangeDiff.Version(source, on: try repository.resolve(base), in: git.path)
    }
    let scratch = FileManager.default.temporaryDirectory.appending(path: "range-\(UUID().uuidString)").path
    try Files.makeFolder(scratch)
    defer { try? Files.remove(scratch) }
    return try await RangeDiff(version("base", old), version(base, new), scratch: scratch)
  }

  @Test func namesTheFilesWhoseLinesChanged() async throws {
    // Git pairs two patches if most of their lines are the same.
    let lines = (1...20).map { "two, \($0)" }.joined(separator: "\n")
    try branch("v1", [("a: first\n\nWhy.\n", "a.c", "line 2", lines), ("b: second\n\nWhy.\n", "b.c", "b", "bee")])
    try branch(
      "v2",
      [
        ("a: first\n\nWhy.\n", "a.c", "line 2", lines.replacing("two, 9", with: "9")),
        ("b: second\n\nReworded.\n", "b.c", "b", "bee"),
      ])
    let pairs = try await compare("v1", "v2").pairs
    #expect(
      pairs == [
        .init(old: 1, new: 1, subject: "a: first", files: ["a.c"]),
        .init(old: 2, new: 2, subject: "b: second", isReworded: true),
      ])
  }

  @Test func aNewTrailerIsNoOtherMessage() async throws {
    try branch("v1", [("a: first\n\nWhy.\n\n\(signOff)\n", "a.c", "line 2", "two")])
    try branch(
      "v2", [("a: first\n\nWhy.\n\nReviewed-by: R <r@example.com>\n\(signOff)\n", "a.c", "line 2", "two")])
    let comparison = try await compare("v1", "v2")
    #expect(comparison.pairs == [.init(old: 1, new: 1, subject: "a: first")])
    #expect(comparison.oldSigner == Identity(name: "A U Thor", email: "author@example.com"))
  }

  @Test func aPatchMayComeAndGo() async throws {
    try branch("v1", [("a: first\n", "a.c", "line 2", "two")])
    try branch("v2", [("b: second\n", "b.c", "b", "bee")])
    let comparison = try await compare("v1", "v2")
    #expect(
      Set(comparison.pairs) == [
        .init(old: 1, new: nil, subject: "a: first"), .init(old: nil, new: 1, subject: "b: second"),
      ])
    #expect(comparison.oldSigner == nil)
    #expect(
      ChangelogStub(version: 2, whole: comparison).yaml == """
        cover:
          changes:
            2: |
              - Drop patch 1 of v1, 'a: first'
              - Add patch 1, 'b: second'

        """)
  }

  /// The lines around a change, and where it stands, belong to the base.
  @Test func linesThatOnlyMovedDidNotChange() async throws {
    try branch("v1", [("a: first\n", "a.c", "line 20", "twenty")])
    try branch("rebased", [("a: number\n", "a.c", "line 18", "eighteen"), ("a: more\n", "a.c", "line 1", "zero\none")])
    try branch("v2", on: "rebased", [("a: first\n", "a.c", "line 20", "twenty")])
    #expect(try await compare("v1", "v2", since: "rebased").pairs == [.init(old: 1, new: 1, subject: "a: first")])
  }
}
