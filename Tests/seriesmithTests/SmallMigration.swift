import FakeKernel
import Foundation
import GitBinary
import Testing

/// A series of four patches for the fake kernel, which migrates two drivers and a caller from one op to another.
final class SmallMigration {
  let kernel: ScratchRepository
  /// The folder with the series in `series/`, and the commands' output.
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "migration-\(UUID().uuidString)"
    kernel = try ScratchRepository()
    var files = FakeKernelTree.files.merging(FakeKernelTree.scripts) { $1 }.merging(Self.sources) { $1 }
    files["Kbuild"]? += "obj-y += init/\n"
    for (path, text) in files { try kernel.write(text, to: path) }
    try kernel.commit("base")
    try kernel.git("tag", "base")
    for (name, text) in Self.series { try write(text, to: "series/" + name) }
    try write("[user]\n\tname = C O Mitter\n\temail = committer@example.com\n", to: "gitconfig")
    try write(
      """
      lanes:
        - name: fake
          arch: fake
          target: allmodconfig
          toolchain: [LLVM=-19]
          fragment: [CONFIG_DRIVER=m]
          why: a test

      """, to: "lanes.yaml")
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func write(_ text: String, to name: String) throws {
    let path = folder + "/" + name
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// Changes a file of the series, or a generated one.
  func edit(_ name: String, _ old: String, _ new: String) throws {
    let text = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
    try #require(text.contains(old), "\(name) has no '\(old)'")
    try write(text.replacing(old, with: new), to: name)
  }

  /// Runs `seriesmith` with a git identity.
  func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Command.Result {
    try await Command.seriesmith(arguments, in: folder, environment: self.environment.merging(environment) { $1 })
  }

  var environment: [String: String] {
    ["SERIESMITH_CACHE": folder + "/cache", "GIT_CONFIG_GLOBAL": folder + "/gitconfig"]
  }

  /// - Parameter kernel: another repository of the kernel.
  func generate(
    _ options: [String] = [], on kernel: String? = nil, into output: String = "out",
    environment: [String: String] = [:]
  ) async throws -> Command.Result {
    try await run(
      ["generate", "series/series.yaml", "--tree", kernel ?? self.kernel.path, "--output", output] + options,
      environment: environment)
  }

  /// Verifies the generated series at the depth that `mail` requires.
  func verify(_ source: String = "out", options: [String] = []) async throws -> Command.Result {
    try await run(
      ["verify", source, "--tree", kernel.path, "--base", "base", "--lanes", "lanes.yaml", "--depth", "full"]
        + options)
  }

  func mail(_ source: String = "out", _ options: [String] = []) async throws -> Command.Result {
    try await run(
      ["mail", source, "--tree", kernel.path, "--base", "base", "--lanes", "lanes.yaml", "--output", "mails"] + options)
  }

  /// The files of a folder, by name.
  func files(of output: String = "out") throws -> [String: String] {
    let path = folder + "/" + output
    var files: [String: String] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      files[name] = try String(contentsOfFile: path + "/" + name, encoding: .utf8)
    }
    return files
  }

  private static let sources = [
    // Kbuild's options for sparse are read from this object's command.
    "init/Makefile": "obj-y += version.o\n",
    "init/version.c": "int version;\n",
    "include/linux/ops.h": "struct ops {\n\tint (*get)(int x);\n};\n",
    "drivers/main.c": driver("main"),
    "drivers/sub/part.c": driver("part"),
    "drivers/twice.c": """
    #include <linux/ops.h>

    int use(const struct ops *ops)
    {
    	return ops->get(1);
    }

    """,
  ]

  private static func driver(_ name: String) -> String {
    """
    #include <linux/ops.h>

    \(callback(name))
    const struct ops \(name)_ops = {
    	.get	= \(name)_get,
    };

    """
  }

  private static func callback(_ name: String) -> String {
    """
    static int \(name)_get(int x)
    {
    	int y = 0;

    	if (x > 0)
    		y = x;

    	return y;
    }

    """
  }

  private static let series = [
    "series.yaml": """
    series: small
    author: {name: A U Thor, email: author@example.com}
    cover: {subject: 'ops: fetch in place of get', text: "Why it is done.\\n"}
    ops:
      - {struct: ops, old: get, new: fetch}
    patches:
      - {id: add, subject: 'ops: add fetch', message: "Callers want to know the length, na\u{ef}ve as they are."}
      - {id: users, subject: 'twice: use fetch', message: "The length is not needed here.\\n\\nReviewed-by: R <r@example.com>"}
      - {id: drivers, subject: 'drivers: implement fetch', message: Drivers know the length.}
      - {id: remove, subject: 'ops: remove get', message: Nobody calls it.}

    """,
    "kinds/walker.yaml": """
    kind: walker
    about: walks
    parameters: {callback: text, title: text}
    expects: [<% callback %>]
    alone:
      - {subject: '<% title %>: implement fetch', message: The driver knows the length.}
    steps:
      - requires: [ops.fetch]
        retires: [ops.get]
        edits:
          - signature: {function: <% callback %>, rename: <% callback %>_length, parameter: 'int *length'}
          - statement: {function: <% callback %>_length, when: x > 0, lines: '*length = 1;'}
          - replace-initialiser:
              {member: get, value: <% callback %>, new-member: fetch, new-value: <% callback %>_length}

    """,
    "core/ops.yaml": """
    file: include/linux/ops.h
    patch: add
    steps:
      - provides: [ops.fetch]
        edits:
          - insert: {after: {member: ops.get}, text: "\\tint (*fetch)(int x, int *length);\\n"}
      - patch: remove
        removes: [ops.get]
        edits:
          - remove: {member: ops.get}

    """,
    "drivers/main.yaml": "file: drivers/main.c\nkind: walker\npatch: drivers\ncallback: main_get\ntitle: main\n",
    "drivers/part.yaml": "file: drivers/sub/part.c\nkind: walker\npatch: drivers\ncallback: part_get\ntitle: part\n",
    "callers/twice.yaml": """
    file: drivers/twice.c
    patch: users
    steps:
      - requires: [ops.fetch]
        edits:
          - replace:
              construct: {text: 'return ops->get(1);', function: use}
              text: "\\tint length;\\n\\n\\tif (ops->fetch)\\n\\t\\treturn ops->fetch(1, &length);\\n\\treturn ops->get(1);\\n"
      - patch: remove
        retires: [ops.get]
        edits:
          - replace:
              construct: {text: 'if (ops->fetch) return ops->fetch(1, &length); return ops->get(1);', function: use}
              text: "\\treturn ops->fetch(1, &length);\\n"

    """,
    "expect/drivers/main.c": callback("main"),
    "expect/drivers/sub/part.c": callback("part"),
  ]
}
