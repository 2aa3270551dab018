import Diagnostics
import Foundation
import Git
import GitBinary
import PatchSeries
import Testing

@Suite struct RepositoryTests {
  @Test func namesTheFolderThatIsNoRepository() {
    let failure = #expect(throws: Failure.self) { try Repository(opening: "/proc/self") }
    #expect(failure?.status == .input)
    #expect(failure?.findings.first?.message == "'/proc/self' is not a git repository")
    #expect(failure?.findings.first?.notes.first?.contains("--tree") == true)
  }

  @Test func resolvesThroughTagsAndNamesWhatIsUnknown() throws {
    let scratch = try ScratchRepository()
    try scratch.write("int a;\n", to: "a.c")
    let id = try scratch.commit("iommu: add a\n\nBody.\n")
    try scratch.git("tag", "-a", "-m", "tag", "v1")
    let repository = try Repository(opening: scratch.path)
    let commit = try repository.resolve("v1")
    #expect(commit.id.hex == id)
    #expect(commit.subject == "iommu: add a")
    #expect(commit.author.name == "A U Thor")
    #expect(commit.author.offsetMinutes == 120)
    #expect(commit.tree.hex == (try scratch.tree()))
    let failure = #expect(throws: Failure.self) { try repository.resolve("v2") }
    #expect(failure?.status == .input)
    #expect(failure?.findings.first?.message == "unknown revision 'v2' in '\(scratch.path)'")
  }

  /// CI systems fetch a few commits only: the first has a parent that is not there.
  @Test func listsARangeOfAShallowClone() throws {
    let scratch = try ScratchRepository()
    let ids = try (0..<5).map { number in
      try scratch.write("\(number)\n", to: "a.c")
      return try scratch.commit("change \(number)")
    }
    let clone = scratch.path + "/clone"
    try scratch.git("clone", "--quiet", "--depth", "3", "file://" + scratch.path, clone)
    let repository = try Repository(opening: clone)
    #expect(try repository.commits(in: (ids[2], "HEAD")).map(\.id.hex) == Array(ids[3...]))
    #expect(try repository.commits(in: ("HEAD", "HEAD")).isEmpty)
    let failure = #expect(throws: Failure.self) { try repository.commits(in: ("HEAD", ids[3])) }
    #expect(
      failure?.findings.first?.message
        == "'\(ids[3])' does not descend from 'HEAD' as far as the shallow clone '\(clone)' goes")
  }

  @Test func listsARangeOldestFirstAndRefusesMerges() throws {
    let scratch = try ScratchRepository()
    let ids = try (0..<4).map { number in
      try scratch.write("\(number)\n", to: "a.c")
      return try scratch.commit("change \(number)")
    }
    let repository = try Repository(opening: scratch.path)
    #expect(try repository.commits(in: (ids[0], "main")).map(\.id.hex) == Array(ids[1...]))
    #expect(try repository.commits(in: ("main", "main")).isEmpty)
    #expect(throws: Failure.self) { try repository.commits(in: ("main", ids[0])) }

    try scratch.git("checkout", "--quiet", "-b", "side", ids[2])
    try scratch.write("b\n", to: "b.c")
    try scratch.commit("side")
    try scratch.git("merge", "--quiet", "-m", "merge", "main")
    let failure = #expect(throws: Failure.self) { try repository.commits(in: (ids[0], "side")) }
    #expect(failure?.findings.first?.message.contains("is a merge") == true)
  }

  @Test func readsEntriesAndContents() throws {
    let scratch = try ScratchRepository()
    try scratch.write("a\n", to: "drivers/iommu/a.c")
    try scratch.write("b\n", to: "drivers/iommu.c")
    try scratch.commit()
    let repository = try Repository(opening: scratch.path)
    let tree = try repository.resolve("HEAD").tree
    let drivers = try #require(try repository.entry(at: "drivers", in: tree))
    // In git's order the folder sorts as "iommu/".
    #expect(try repository.entries(of: drivers.id).map(\.name) == ["iommu.c", "iommu"])
    #expect(try repository.contents(of: "drivers/iommu/a.c", in: tree) == Array("a\n".utf8))
    #expect(try repository.contents(of: "drivers/iommu", in: tree) == nil)
    #expect(try repository.contents(of: "drivers/iommu.c/a", in: tree) == nil)
    var visited: [String] = []
    try repository.walk(tree) { (path, _) throws(Failure) in visited.append(path) }
    #expect(visited == ["drivers/iommu.c", "drivers/iommu/a.c"])
    visited = []
    try repository.walk(
      tree, directory: { (path, _) throws(Failure) in path == "drivers/iommu" ? .skip : .enter },
      file: { (path, _) throws(Failure) in visited.append(path) })
    #expect(visited == ["drivers/iommu.c"])
  }

  @Test func writesTheTreesAndCommitsGitWrites() throws {
    let scratch = try ScratchRepository()
    try scratch.write("a\n", to: "drivers/iommu/a.c")
    try scratch.write("#!/bin/sh\n", to: "run.sh")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.path + "/run.sh")
    let base = try scratch.commit()
    let repository = try Repository(opening: scratch.path)
    let old = try repository.resolve(base)
    let tree = try repository.writeTree(
      changing: [
        "drivers/iommu/a.c": nil, "drivers/b/c.c": Array("c\n".utf8), "run.sh": Array("#!/bin/bash\n".utf8),
      ], over: old.tree)
    let signature = Signature(name: "A U Thor", email: "author@example.com", seconds: 1_780_000_120, offsetMinutes: 120)
    let committer = Signature(
      name: "C O Mitter", email: "committer@example.com", seconds: 1_780_000_120, offsetMinutes: 120)
    let commit = try repository.writeCommit(
      tree: tree, parents: [old.id], author: signature, committer: committer, message: "iommu: move\n")
    #expect(try repository.resolve(commit.hex).tree == tree)

    try scratch.remove("drivers/iommu/a.c")
    try scratch.write("c\n", to: "drivers/b/c.c")
    try scratch.write("#!/bin/bash\n", to: "run.sh")
    #expect(try scratch.commit("iommu: move\n") == commit.hex)
    #expect(try scratch.tree() == tree.hex)
  }

  @Test func leavesTheRepositoryAsItIs() throws {
    let scratch = try ScratchRepository()
    try scratch.write("one\ntwo\n", to: "a.c")
    try scratch.commit()
    try scratch.write("one\nthree\n", to: "a.c")
    try scratch.commit()
    try scratch.git("update-ref", "refs/heads/kept", "HEAD~")
    let patch = try scratch.git("diff", "HEAD~", "HEAD")
    let before = try Snapshot(scratch.path + "/.git")

    let repository = try Repository(opening: scratch.path)
    let old = try repository.resolve("HEAD~")
    // A tree that exists on disk, and one that does not.
    #expect(try repository.apply(patch, to: old.tree, name: "p").hex == scratch.tree())
    let tree = try repository.writeTree(changing: ["b.c": [1, 2, 3]], over: old.tree)
    _ = try repository.writeCommit(
      tree: tree, parents: [old.id], author: old.author, committer: old.committer, message: "m\n")
    _ = try repository.diff(from: old.tree, to: tree)

    #expect(try Snapshot(scratch.path + "/.git") == before)
  }

  @Test func checksOutEveryFile() throws {
    let scratch = try ScratchRepository()
    try scratch.write("a\n", to: "drivers/a.c")
    try scratch.write("#!/bin/sh\n", to: "run.sh")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.path + "/run.sh")
    try FileManager.default.createSymbolicLink(atPath: scratch.path + "/link", withDestinationPath: "drivers/a.c")
    try scratch.commit()
    let target = FileManager.default.temporaryDirectory.appendingPathComponent("checkout-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: target) }
    let repository = try Repository(opening: scratch.path)
    try repository.checkout(tree: try repository.resolve("HEAD").tree, into: target + "/deep/er")
    try scratch.git("--work-tree=\(target)/deep/er", "diff", "--exit-code", "HEAD")
  }

  /// `git fsck` reports such trees, but a fetch accepts them.
  @Test func readsNoTreeThatLeadsOutOfItself() throws {
    let scratch = try ScratchRepository()
    try scratch.write("a\n", to: "a.c")
    try scratch.commit()
    let file = try scratch.text("rev-parse", "HEAD:a.c")
    let folder = try scratch.tree()
    let repository = try Repository(opening: scratch.path)
    for name in ["..", ".git", "a/b", "git~1"] {
      let tree = try tree([("40000", name, folder)], in: scratch)
      let failure = #expect(throws: Failure.self) { try repository.checkout(tree: tree, into: scratch.path + "/out") }
      #expect(failure?.status == .input)
      #expect(failure?.findings.first?.message == "tree \(tree) of '\(scratch.path)' is damaged")
    }
    // A link and a folder of the same name.
    let outside = scratch.path + "/outside"
    try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
    let target = try scratch.git("hash-object", "-w", "--stdin", input: Array(outside.utf8))
    let link = String(decoding: target, as: UTF8.self).prefix(40)
    let twice = try tree([("120000", "d", String(link)), ("100644", "d.c", file), ("40000", "d", folder)], in: scratch)
    #expect(throws: Failure.self) { try repository.checkout(tree: twice, into: scratch.path + "/out") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: outside).isEmpty)
  }

  /// Writes a tree that git itself would not make.
  private func tree(_ entries: [(mode: String, name: String, id: String)], in scratch: ScratchRepository) throws
    -> ObjectID
  {
    let bytes = try entries.flatMap {
      Array("\($0.mode) \($0.name)\0".utf8) + (try #require(ObjectID(hex: $0.id))).bytes
    }
    let id = try scratch.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", input: bytes)
    return try #require(ObjectID(hex: String(decoding: id, as: UTF8.self).prefix(40).description))
  }
}

/// Every file of a folder with its contents and times.
private struct Snapshot: Equatable {
  private var files: [String: [AnyHashable]] = [:]

  init(_ path: String) throws {
    for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
      let file = path + "/" + name
      let attributes = try FileManager.default.attributesOfItem(atPath: file)
      let contents = FileManager.default.contents(atPath: file)
      files[name] = [
        contents, attributes[.modificationDate] as? Date, attributes[.posixPermissions] as? Int,
      ]
    }
  }
}
