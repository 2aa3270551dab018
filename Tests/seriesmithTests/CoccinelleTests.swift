import Foundation
import GitBinary
import Testing

/// Edits that a series leaves to Coccinelle, with the real `spatch`. Needs no kernel.
@Suite struct CoccinelleTests {
  private let small: SmallMigration

  /// What the series' own edits do to a driver, as semantic patches.
  private static let rules = """
    #spatch --smpl-spacing
    @callback@
    identifier x, length, y;
    @@
     <% callback %>_length(int x, int *length)
     {
     ...
     	if (x > 0)
    +	{
     		y = x;
    +		*length = 1;
    +	}
     ...
     }

    @table depends on callback@
    identifier t;
    @@
     struct ops t = {
    -.get = <% callback %>,
    +.fetch = <% callback %>_length,
     };

    """

  init() throws {
    small = try SmallMigration()
    try small.edit(
      "series/kinds/walker.yaml",
      """
            - statement: {function: <% callback %>_length, when: x > 0, lines: '*length = 1;'}
            - replace-initialiser:
                {member: get, value: <% callback %>, new-member: fetch, new-value: <% callback %>_length}
      """,
      """
            - spatch: {rules: c/length.cocci, in: [<% callback %>_length, <% title %>_ops]}
      """)
    try small.write(Self.rules, to: "series/c/length.cocci")
  }

  /// The error that a series gives, without the path of its folder.
  private func refusal(_ arguments: [String] = []) async throws -> String {
    try? FileManager.default.removeItem(atPath: small.folder + "/out")
    let run = try await small.generate(arguments)
    #expect(run.status != 0)
    #expect(!FileManager.default.fileExists(atPath: small.folder + "/out"))
    return run.error
  }

  @Test func itsPatchesAreThoseOfTheSeriesOwnEdits() async throws {
    let other = try SmallMigration()
    let expected = try await other.generate()
    let run = try await small.generate()
    try #require(run.status == 0, "\(run.error)")
    #expect(run.error.contains("Running spatch on 2 files: 0 known from earlier"))
    #expect(run.output == expected.output, "the same tree")
    #expect(
      try small.files().mapValues { $0.replacing(#/index .*\n/#, with: "") }
        == other.files().mapValues { $0.replacing(#/index .*\n/#, with: "") })
    // The answers are kept, under what they depend on.
    #expect(try await small.generate().error.contains("Running spatch on 2 files: 2 known from earlier"))
    try small.edit("series/c/length.cocci", "*length = 1", "*length = 2")
    #expect(try await small.generate().error.contains("Running spatch on 2 files: 0 known from earlier"))
    #expect(try small.files().values.contains { $0.contains("+\t\t*length = 2;\n") })
  }

  @Test func changesOnlyWhatItMay() async throws {
    try small.edit("series/kinds/walker.yaml", ", <% title %>_ops]", "]")
    let error = try await refusal()
    #expect(error.contains("drivers/main.c:14:3: error: the rules change more than they may"), "\(error)")
    #expect(error.contains("name the function or table in 'in'"))
    #expect(error.contains("described at series/kinds/walker.yaml:"))
  }

  @Test func aRuleThatMatchesNothingIsAnError() async throws {
    try small.write(
      Self.rules + "\n@idle@\nexpression e;\n@@\n- y = e\n+ y = (e) + 1\n", to: "series/c/length.cocci")
    try small.edit("series/c/length.cocci", "- y = e", "- z = e")
    let error = try await refusal()
    #expect(error.contains("error: 'idle' of c/length.cocci matches nothing in any of 2 files"), "\(error)")
    // A rule that fits one of them is of use.
    try small.write(
      Self.rules + "\n@part@\nidentifier y;\n@@\n part_get_length(...)\n {\n- int y = 0;\n+ int y = 1;\n ...\n }\n",
      to: "series/c/length.cocci")
    let run = try await small.generate()
    #expect(run.status == 0, "\(run.error)")
    // If nothing changes in a function, the function is named.
    try small.edit("series/c/length.cocci", "if (x > 0)", "if (x < 0)")
    let idle = try await refusal()
    #expect(idle.contains("drivers/main.c:3:1: error: the rules change nothing in 'main_get_length'"), "\(idle)")
    #expect(idle.contains("described at series/kinds/walker.yaml:"))
  }

  @Test func itsErrorsNameTheRules() async throws {
    try small.edit("series/c/length.cocci", "if (x > 0)", "if (x > )")
    let error = try await refusal()
    #expect(error.contains("error: spatch exits with status 255 for drivers/main.c"), "\(error)")
    #expect(error.contains("File \"rules/length.cocci\", line 8, column"))
    try small.edit("series/kinds/walker.yaml", "c/length.cocci", "c/none.cocci")
    #expect(try await refusal().contains("c/none.cocci"))
    try small.edit("series/kinds/walker.yaml", "in: [", "into: [")
    #expect(try await refusal().contains("into"))
  }

  @Test func aScriptIsNoRuleThatHasToMatch() async throws {
    try small.edit(
      "series/c/length.cocci", "@table depends", "@script:python s@\nf << callback.y;\n@@\nprint(f)\n\n@table depends")
    let run = try await small.generate()
    #expect(run.status == 0, "\(run.error)")
  }

  @Test func namesTheLineThatSpatchCannotParse() async throws {
    let source = String(decoding: try small.kernel.git("show", "base:drivers/main.c"), as: UTF8.self)
    try small.kernel.write(
      source.replacing("\treturn y;", with: "\tfor_each(x) BAR baz { 1 } ??;\n\treturn y;"), to: "drivers/main.c")
    try small.kernel.commit("unreadable")
    try small.edit("series/expect/drivers/main.c", "\treturn y;", "\tfor_each(x) BAR baz { 1 } ??;\n\treturn y;")
    #expect(
      try await refusal().contains("spatch cannot parse this line, and skips what it is in: \tfor_each(x) BAR"))
  }

  @Test func runsItsScriptsInASandbox() async throws {
    try small.write(
      "@script:python@\n@@\nopen(\"\(small.folder)/escaped\", \"w\")\n"
        + Self.rules.split(separator: "\n").dropFirst()
        .joined(separator: "\n"), to: "series/c/length.cocci")
    // It writes to a /tmp of its own.
    #expect(try await small.generate().status == 0)
    #expect(!FileManager.default.fileExists(atPath: small.folder + "/escaped"))
    // Without a sandbox nothing runs.
    let path = small.folder + "/bin"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for program in ["git", "spatch", "sh"] {
      let found = try await Command.tool("sh", ["-c", "command -v \(program)"], in: "/").output
      try FileManager.default.createSymbolicLink(
        atPath: "\(path)/\(program)", withDestinationPath: found.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    let run = try await small.generate(environment: ["PATH": path])
    #expect(run.status == 69)
    #expect(run.error.contains("bwrap is not installed") && run.error.contains("spatch only runs in a sandbox"))
  }
}
