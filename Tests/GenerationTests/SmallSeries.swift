import Descriptions
import Diagnostics
import Foundation
import Generation

/// A kernel of three files, and a series that migrates its op in three patches.
struct SmallTree: KernelTree {
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
    	int y = 0;

    	lock(&driver);
    	if (valid(x))
    		y = x;
    	unlock(&driver);

    	return y;
    }

    static const struct ops driver_ops = {
    	.put	= driver_put,
    	.get	= driver_get,
    };

    """,
    "user.c": "int use(const struct ops *ops)\n{\n\treturn ops->get(1);\n}\n",
  ])
}

/// The files of the series' folder, which tests change.
struct SmallSeries {
  var files: [String: String] = [
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
    parameters: {callback: text, leaf: text}
    expects: [<% callback %>]
    steps:
      - requires: [ops.fetch]
        retires: [ops.get]
        edits:
          - signature: {function: <% callback %>, rename: <% callback %>_fetch, parameter: int *len}
          - statement: {function: <% callback %>_fetch, when: <% leaf %>, lines: '*len = 1;'}
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
    "drivers/driver.yaml": """
    file: driver.c
    kind: walker
    patch: drivers
    callback: driver_get
    leaf: valid(x)

    """,
    "callers/user.yaml": """
    file: user.c
    patch: users
    steps:
      - requires: [ops.fetch]
        retires: [ops.get]
        edits:
          - call: {callee: ops->get, in: use, becomes: ops->fetch, argument: 'NULL'}

    """,
    "expect/driver.c": """
    static int driver_get(int x)
    {
    	int y = 0;

    	lock(&driver);
    	if (valid(x))
    		y = x;
    	unlock(&driver);

    	return y;
    }

    """,
  ]

  func load<T>(_ body: (SeriesDescription) throws -> T) throws -> T {
    let folder = NSTemporaryDirectory() + "series-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in files {
      let path = folder + "/" + name
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    do {
      return try body(try SeriesLoader.load(folder))
    } catch let failure as Failure {
      throw Failure(failure.status, failure.findings.map { $0.relative(to: folder) })
    }
  }

  func generate(on tree: SmallTree = .kernel, options: [String] = []) throws -> GeneratedSeries {
    try load { series in
      var generated = try Generator(series, options: options).generate(on: tree)
      generated.findings = generated.findings.map { $0.relative(to: series.folder) }
      generated.notes = generated.notes.map { $0.relative(to: series.folder) }
      return generated
    }
  }

  /// The findings that prevent generation, as the user reads them.
  func report(on tree: SmallTree = .kernel) throws -> String {
    do {
      return Printer(color: false).text(try generate(on: tree).findings)
    } catch let failure as Failure {
      return Printer(color: false).text(failure.findings)
    }
  }
}

extension Finding {
  fileprivate func relative(to folder: String) -> Finding {
    var finding = self
    finding.place?.file.replace(folder + "/", with: "")
    finding.notes = notes.map { $0.replacing(folder + "/", with: "") }
    return finding
  }
}

extension GeneratedSeries {
  /// A file as the series leaves it.
  func text(of path: String) -> String {
    String(decoding: patches.last { $0.files[path] != nil }?.files[path] ?? [], as: UTF8.self)
  }
}
