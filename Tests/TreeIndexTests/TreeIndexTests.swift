import Diagnostics
import Foundation
import Git
import GitBinary
import Processes
import Support
import Testing

@testable import TreeIndex

@Suite struct TreeIndexTests {
  private let scratch: ScratchRepository
  private var folder: String { scratch.path + "/.git/indexes" }

  init() throws { scratch = try ScratchRepository() }

  private func commit(_ files: [String: String]) throws -> (Repository, ObjectID) {
    for (path, text) in files { try scratch.write(text, to: path) }
    try scratch.commit()
    let repository = try Repository(opening: scratch.path)
    return (repository, try repository.resolve("HEAD").tree)
  }

  private func index(_ files: [String: String], keptIn folder: String? = nil) async throws -> TreeIndex {
    let (repository, tree) = try commit(files)
    return try await TreeIndex.of(tree, in: repository, keptIn: folder ?? self.folder, jobs: 2)
  }

  @Test func findsWholeWordsInSourcesOnly() async throws {
    let index = try await index([
      "a.c": "int x = foo_bar(1);\n", "b.h": "/* foo */ \"bar\" x1\n", "d/e.S": "foo: bar\n", "notes.txt": "foo\n",
      "empty.c": "",
    ])
    #expect(
      index.paths(naming: ["foo", "foo_bar", "bar", "x1", "1", "fo", "absent"]) == [
        "foo": ["b.h", "d/e.S"], "foo_bar": ["a.c"], "bar": ["b.h", "d/e.S"], "x1": ["b.h"], "1": ["a.c"],
      ])
    #expect(index.paths == ["a.c", "b.h", "d/e.S", "empty.c"])
  }

  @Test func tellsADefinedMacroFromAWord() async throws {
    let index = try await index([
      "a.c": "#define foo 1\n#  define\tbar(x) x\n", "b.c": "foo(bar);\n#undef foo\n#ifdef bar\n", "c.h": "#define foo",
      "d.h": "/* define foo */ #\ndefine bar\n",
    ])
    #expect(index.paths(naming: ["#foo", "#bar"]) == ["#foo": ["a.c", "c.h"], "#bar": ["a.c"]])
    #expect(index.paths(naming: ["foo"]) == ["foo": ["a.c", "b.c", "c.h", "d.h"]])
  }

  @Test func knowsWhatEachFileIncludes() async throws {
    let index = try await index([
      "a.c": "#include <x.h>\n#include \"y.h\"\n", "a/b.h": "#include X\n", "a-b.c": "", "ab.c": "#include <z.h>\n",
    ])
    #expect(index.includes(of: "a.c") == [.angled("x.h"), .quoted("y.h")])
    #expect(index.includes(of: "a/b.h") == [.computed])
    #expect(index.includes(of: "a-b.c") == [])
    #expect(index.includes(of: "ab.c") == [.angled("z.h")])
    for absent in ["", "a", "a/b.c", "zz.c"] { #expect(index.includes(of: absent) == nil) }
  }

  @Test func aSecondTreeIsReadWhereItDiffersOnly() async throws {
    _ = try await index(["a.c": "one two\n", "b.c": "#include <x.h>\nthree\n"])
    // Falsify one file's entry, which shows that the next index takes the file from this one.
    let file = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
    var bytes = try #require(Files.readSealed("\(folder)/\(file)").map { Data($0) })
    let range = try #require(bytes.range(of: Data("<x.h".utf8)))
    bytes.replaceSubrange(range, with: Data("<y.h".utf8))
    try Files.writeSealed(bytes, to: "\(folder)/\(file)")
    let second = try await index(["a.c": "one four\n", "x.h": "", "y.h": ""])
    #expect(second.paths(naming: ["two", "three", "four"]) == ["three": ["b.c"], "four": ["a.c"]])
    #expect(second.includers(of: ["y.h"]) == ["b.c"])
  }

  @Test(arguments: ["", "ssindex4", "rubbish that is long enough to be a header"])
  func aDamagedIndexIsMadeAgain(contents: String) async throws {
    let (repository, tree) = try commit(["a.c": "one\n"])
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(contents.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(tree.hex)"))
    let index = try await TreeIndex.of(tree, in: repository, keptIn: folder, jobs: 1)
    #expect(index.paths(naming: ["one"]) == ["one": ["a.c"]])
  }

  @Test func everyCutAndEveryFlippedBitOfAnIndexIsNoticed() async throws {
    _ = try await index(["a.c": "one two three\n", "b.c": "#include <x.h>\n"])
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
    let file = "\(folder)/\(name)"
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    func isRead(_ bytes: Data) throws -> Bool {
      try bytes.write(to: URL(fileURLWithPath: file))
      return IndexFile(contentsOf: file) != nil
    }
    #expect(try isRead(bytes))
    for count in 0..<bytes.count { #expect(try !isRead(bytes.prefix(count))) }
    for bit in 0..<(8 * bytes.count) {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(try !isRead(damaged))
    }
  }

  @Test func itWorksWhereNothingCanBeKept() async throws {
    let index = try await index(["a.c": "one\n"], keptIn: "/dev/null/indexes")
    #expect(index.paths(naming: ["one"]) == ["one": ["a.c"]])
  }
}
