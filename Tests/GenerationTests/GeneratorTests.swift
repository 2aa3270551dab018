import Descriptions
import Diagnostics
import Foundation
import Generation
import Testing

/// A kernel of three files, and a series that migrates its op in three patches.
private struct SmallTree: KernelTree {
  var files: [String: String]

  func contents(of path: String) throws(Failure) -> [UInt8]? { files[path].map { Array($0.utf8) } }
  func paths(containing words: [String]) throws(Failure) -> [String] {
    files.filter { file in words.contains { file.value.contains($0) } }.map(\.key).sorted()
  }

  static let kernel = SmallTree(files: [
    "ops.h": "struct ops {\n\tint (*get)(int x);\n};\n",
    "driver.c": """
    static int driver_get(int x)
    {
    	if (valid(x))
    		return x;

    	return 0;
    }

    static const struct ops driver_ops = {
    	.get	= driver_get,
    };

    """,
    "user.c": "int use(const struct ops *ops)\n{\n\treturn ops->get(1);\n}\n",
  ])
}

@Suite struct GeneratorTests {
  private static let files = [
    "series.yaml": """
    series: test
    author: {name: A, email: a@b}
    cover: {subject: s, text: t}
    ops:
      - {struct: ops, old: get, new: fetch}
    patches:
      - {id: add, subject: 'ops: add fetch', message: why}
      - {id: drivers, subject: 'driver: implement fetch', message: why}
      - {id: users, subject: 'user: use fetch', message: why}
      - {id: remove, subject: 'ops: remove get', message: why}

    """,
    "kinds/walker.yaml": """
    kind: walker
    about: walks
    parameters: {callback: text}
    expects: [<% callback %>]
    steps:
      - requires: [ops.fetch]
        retires: [ops.get]
        edits:
          - signature: {function: <% callback %>, rename: <% callback %>_fetch, parameter: int *len}
          - replace-initialiser:
              {member: get, value: <% callback %>, new-member: fetch, new-value: <% callback %>_fetch}

    """,
    "core/ops.yaml": """
    file: ops.h
    patch: add
    steps:
      - provides: [ops.fetch]
        edits:
          - insert: {after: {member: ops.get}, text: "\\tint (*fetch)(int x, int *len);\\n"}
      - patch: remove
        removes: [ops.get]
        edits:
          - remove: {member: ops.get}

    """,
    "drivers/driver.yaml": "file: driver.c\nkind: walker\npatch: drivers\ncallback: driver_get\n",
    "callers/user.yaml": """
    file: user.c
    patch: users
    steps:
      - requires: [ops.fetch]
        retires: [ops.get]
        edits:
          - call: {callee: ops->get, in: use, becomes: ops->fetch, argument: 'NULL'}

    """,
    "expect/driver.c": "static int driver_get(int x)\n{\n\tif (valid(x))\n\t\treturn x;\n\n\treturn 0;\n}\n",
  ]

  private func withSeries<T>(
    _ change: (inout [String: String]) -> Void = { _ in }, _ body: (SeriesDescription) throws -> T
  )
    throws -> T
  {
    var files = Self.files
    change(&files)
    let folder = NSTemporaryDirectory() + "series-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in files {
      let path = folder + "/" + name
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    return try body(try SeriesLoader.load(folder))
  }

  private func failure(
    on tree: SmallTree = .kernel, _ change: (inout [String: String]) -> Void = { _ in }
  ) throws -> Failure? {
    try withSeries(change) { series in
      do {
        let patches = try Generator(series).generate(on: tree)
        let findings = try Coverage(of: series, on: tree, after: patches).findings(series)
        return findings.isEmpty ? nil : Failure(.falls, findings)
      } catch let failure as Failure {
        return failure
      }
    }
  }

  @Test func generatesTheSeries() throws {
    let patches = try withSeries { try Generator($0).generate(on: SmallTree.kernel) }
    #expect(patches.map { $0.files.keys.sorted() } == [["ops.h"], ["driver.c"], ["user.c"], ["ops.h"]])
    #expect(
      String(decoding: patches[3].files["ops.h"] ?? [], as: UTF8.self)
        == "struct ops {\n\tint (*fetch)(int x, int *len);\n};\n")
    #expect(String(decoding: patches[2].files["user.c"] ?? [], as: UTF8.self).contains("ops->fetch(1, NULL)"))
    #expect(try failure() == nil)
  }

  @Test func coverageShowsBothSides() throws {
    let coverage = try withSeries { series in
      try Coverage(of: series, on: SmallTree.kernel, after: try Generator(series).generate(on: SmallTree.kernel))
    }
    #expect(coverage.tables.map(\.status) == [.described])
    #expect(coverage.users.map(\.status) == [.described])
  }

  /// The option is asked for in a message, in an edit of a kind and in the cover letter.
  private static func addOption(_ files: inout [String: String]) {
    files["series.yaml"] = files["series.yaml"]?.appending("options:\n  - {name: checked, about: checks}\n")
      .replacing(
        "'driver: implement fetch', message: why",
        with: "'driver: implement fetch', message: 'why<%#checked%> so<%/checked%>'"
      )
      .replacing("text: t", with: "text: '<%^checked%>un<%/checked%>checked'")
    files["kinds/walker.yaml"] = files["kinds/walker.yaml"]?
      .replacing("parameter: int *len", with: "parameter: 'int *<%#checked%>checked_<%/checked%>len'")
  }

  @Test(arguments: [
    ([], "int driver_get_fetch(int x, int *len)", "why", "unchecked"),
    (["checked"], "int driver_get_fetch(int x, int *checked_len)", "why so", "checked"),
  ])
  func anOptionChangesTheSeries(chosen: [String], signature: String, message: String, cover: String) throws {
    try withSeries(Self.addOption) { series in
      let generator = try Generator(series, options: chosen)
      let driver = try generator.generate(on: SmallTree.kernel)[1]
      #expect(String(decoding: driver.files["driver.c"] ?? [], as: UTF8.self).contains(signature))
      #expect(driver.description.message == message)
      #expect(generator.series.cover?.text == cover)
    }
  }

  @Test func anUnknownOptionIsRefusedNamingThoseThereAre() throws {
    try withSeries(Self.addOption) { series in
      let failure = #expect(throws: Failure.self) { try Generator(series, options: ["chekced"]) }
      #expect(failure?.status == .usage)
      #expect(failure?.findings.map(\.message) == ["the series 'test' has no option 'chekced'"])
      #expect(failure?.findings.first?.notes == ["its options are: checked"])
    }
  }

  @Test func aPatchMovedBeforeWhatItNeedsIsRefusedNamingBoth() throws {
    let failure = try failure { files in
      let users = "  - {id: users, subject: 'user: use fetch', message: why}\n"
      files["series.yaml"] = files["series.yaml"]?.replacing(users, with: "")
        .replacing("patches:\n", with: "patches:\n" + users)
    }
    #expect(failure?.status == .input)
    let finding = try #require(failure?.findings.first)
    #expect(
      finding.message
        == "patch 'user: use fetch' needs ops.fetch (for user.c), which only the later patch 'ops: add fetch' provides")
    #expect(finding.place?.line == 7)
  }

  @Test func removingTheOpBeforeItsLastUserIsRefused() throws {
    let failure = try failure { files in
      let users = "  - {id: users, subject: 'user: use fetch', message: why}\n"
      files["series.yaml"] = files["series.yaml"]?.replacing(users, with: "").appending(users)
    }
    #expect(failure?.findings.contains { $0.message.contains("still uses ops.get (in user.c)") } == true)
  }

  @Test(arguments: [
    ("a renamed variable", "int x)\n{\n\tif (valid(x))\n\t\treturn x;", "int y)\n{\n\tif (valid(y))\n\t\treturn y;"),
    ("an added branch", "\treturn 0;", "\tif (special(x))\n\t\treturn 1;\n\treturn 0;"),
    (
      "a moved statement", "\tif (valid(x))\n\t\treturn x;\n\n\treturn 0;",
      "\treturn 0;\n\n\tif (valid(x))\n\t\treturn x;"
    ),
  ])
  func aChangedFunctionIsADrift(what: String, from: String, to: String) throws {
    var tree = SmallTree.kernel
    tree.files["driver.c"] = tree.files["driver.c"]?.replacing(from, with: to)
    let failure = try #require(try failure(on: tree))
    #expect(failure.status == .falls)
    #expect(failure.findings.count == 1)
    #expect(failure.findings[0].place == Place("driver.c", line: 1, column: 1))
    #expect(failure.findings[0].notes[0].contains("expected (-) and found (+)"))
    #expect(failure.findings[0].notes.last?.contains("drivers/driver.yaml:1:1") == true)
  }

  @Test(arguments: [
    ("white space", "\tif (valid(x))\n\t\treturn x;", "\tif ( valid(x) )  return x;"),
    ("comments", "\tif (valid(x))", "\t/* is it? */\n\tif (valid(x)) // yes"),
    ("a longer table", "\t.get\t= driver_get,", "\t.put\t= driver_put,\n\t.get\t= driver_get,"),
  ])
  func aMeaninglessChangePasses(what: String, from: String, to: String) throws {
    var tree = SmallTree.kernel
    tree.files["driver.c"] = tree.files["driver.c"]?.replacing(from, with: to)
    #expect(try failure(on: tree) == nil)
  }

  @Test func allDriftsAreReportedAtOnce() throws {
    var tree = SmallTree.kernel
    tree.files["driver.c"] = tree.files["driver.c"]?.replacing("driver_get", with: "driver_take")
    tree.files["user.c"] = "int use(void)\n{\n\treturn 0;\n}\n"
    tree.files["ops.h"] = nil
    let failure = try #require(try failure(on: tree))
    #expect(
      failure.findings.map(\.message) == [
        "the tree has no ops.h", "drift: has no function 'driver_get'",
        "drift: function 'use' does not call ops->get()",
      ])
  }

  @Test func aTableNobodyDescribesStopsTheRun() throws {
    var tree = SmallTree.kernel
    tree.files["new.c"] = "static const struct ops new_ops = {\n\t.get = new_get,\n};\n"
    tree.files["new-user.c"] = "int n(struct ops *o)\n{\n\treturn o->get(2);\n}\n"
    let failure = try #require(try failure(on: tree))
    #expect(failure.status == .falls)
    #expect(failure.findings.map { $0.place?.description ?? "" } == ["new.c:2:2", "new-user.c:3:12"])
    #expect(failure.findings[0].message == "no description covers the struct ops 'new_ops', which sets new_get")
  }

  @Test func aFileDescribedButGoneIsNamedWithItsDescription() throws {
    var tree = SmallTree.kernel
    tree.files["user.c"] = nil
    let failure = try #require(try failure(on: tree))
    #expect(failure.findings[0].message == "the tree has no user.c")
    #expect(failure.findings[0].place?.file.hasSuffix("callers/user.yaml") == true)
  }

  @Test func theSameInputGivesTheSameBytes() throws {
    let first = try withSeries { try Generator($0).generate(on: SmallTree.kernel).map(\.files) }
    let second = try withSeries { try Generator($0).generate(on: SmallTree.kernel).map(\.files) }
    #expect(first == second)
  }
}
