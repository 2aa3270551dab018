import Diagnostics
import Foundation
import Git
import GitBinary
import Testing

@Suite struct WriteTreeTests {
  /// git sorts a folder as if its name ended in a slash, which sorts after "-" and "." and before "0".
  private static let names = ["a", "a-b", "a.c", "a0", "ab", "b"]

  /// The files of a tree, and the id that `git write-tree` gives it.
  private struct Expectation {
    let scratch: ScratchRepository
    var files: [String: String] = [:]

    func tree() throws -> String {
      let lines = try files.map { path, text in
        let id = try scratch.git("hash-object", "-w", "--stdin", input: Array(text.utf8))
        return "100644 \(String(decoding: id, as: UTF8.self).prefix(40))\t\(path)\n"
      }
      try scratch.git("read-tree", "--empty")
      try scratch.git("update-index", "--add", "--index-info", input: Array(lines.joined().utf8))
      return String(decoding: try scratch.git("write-tree"), as: UTF8.self).trimmingCharacters(
        in: .whitespacesAndNewlines)
    }
  }

  @Test(arguments: 0..<4) func aTreeChangedManyTimesIsGits(seed: Int) throws {
    let scratch = try ScratchRepository()
    let repository = try Repository(opening: scratch.path)
    var random = SplitMix(state: UInt64(seed))
    var expected = Expectation(scratch: scratch)
    var tree = try repository.writeTree(changing: [:], over: emptyTree(scratch))
    for step in 0..<20 {
      let before = expected.files
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        if let old = expected.files.keys.sorted().randomElement(using: &random), Bool.random(using: &random) {
          expected.files[old] = nil
          continue
        }
        let depth = Int.random(in: 1...3, using: &random)
        let path = (0..<depth).map { _ in Self.names.randomElement(using: &random) ?? "a" }.joined(separator: "/")
        // A file and a folder cannot have the same name.
        expected.files = expected.files.filter { !$0.key.hasPrefix(path + "/") && !path.hasPrefix($0.key + "/") }
        expected.files[path] = "\(step) \(path)\n"
      }
      var changes: [String: [UInt8]?] = [:]
      for path in Set(before.keys).union(expected.files.keys) where before[path] != expected.files[path] {
        changes[path] = .some(expected.files[path].map { Array($0.utf8) })
      }
      tree = try repository.writeTree(changing: changes, over: tree)
      #expect(try tree.hex == expected.tree(), "seed \(seed), step \(step): \(changes.keys.sorted())")
    }
  }

  private func emptyTree(_ scratch: ScratchRepository) throws -> ObjectID {
    let id = try scratch.git("mktree")
    return try #require(ObjectID(hex: String(String(decoding: id, as: UTF8.self).prefix(40))))
  }
}
