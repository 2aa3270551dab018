import Diagnostics
import Foundation
import PatchSeries
import Processes
import Support
import Testing

@testable import Kbuild

@Suite struct KernelScriptsTests {
  private static let mail = Array(
    """
    From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001
    Subject: [PATCH] iommu: hand the lenght on

    @@ -1 +1 @@ is no hunk here.
    ---
     drivers/iommu/a.c | 2 +-

    diff --git a/drivers/iommu/a.c b/drivers/iommu/a.c
    --- a/drivers/iommu/a.c
    +++ b/drivers/iommu/a.c
    @@ -7,3 +7,4 @@ int before(void)
     one
    --- old
    +++ new
    +more
     two
    \\ No newline at end of file
    diff --git a/include/b.h b/include/b.h
    new file mode 100644
    --- /dev/null
    +++ b/include/b.h
    @@ -0,0 +1 @@
    +b
    --\u{20}
    2.39.5

    """.utf8)
  private let mail: PatchLines

  init() throws {
    mail = try PatchLines(Self.mail)
  }

  @Test func placesTheLinesOfAMail() {
    #expect(mail[2].file == nil)
    #expect(mail[4].file == nil)
    #expect(mail[10].file == "drivers/iommu/a.c")
    #expect(mail[10].line == nil)
    let changed = (12...16).map { mail[$0] }
    #expect(changed.map(\.kind) == [.context, .removed, .added, .added, .context])
    #expect(changed.map(\.line) == [7, nil, 8, 9, 10])
    #expect(mail[23].file == "include/b.h")
    #expect(mail[23].line == 1)
    #expect(mail[24].file == nil)
    #expect(mail[99].kind == nil)
    #expect(mail.paths == ["drivers/iommu/a.c", "include/b.h"])
  }

  @Test func unchangedKeepsWhatTheFileHadBefore() {
    let unchanged = mail.unchanged
    let text = String(decoding: unchanged.bytes, as: UTF8.self)
    #expect(text.contains("@@ -7,3 +7,3 @@ int before(void)\n one\n -- old\n two\n\\ No newline at end of file\n"))
    #expect(!text.contains("@@ -0,0"))
    #expect(unchanged.lines.count { $0.kind == .context } == 3)
    #expect(!unchanged.lines.contains { $0.kind == .added || $0.kind == .removed })
  }

  @Test func readsWhatCheckpatchReports() {
    let reports = CheckpatchReport.parse(
      """
      -:2: WARNING:TYPO_SPELLING: 'lenght' may be misspelled - perhaps 'length'?
      -:14: ERROR:SPACING: spaces required around that '=' (ctx:VxV)
      -:15: CHECK:CAMELCASE: Avoid CamelCase: <fooBar>
      -:23: WARNING:UNDOCUMENTED_DT_STRING: DT compatible string "x,y" appears un-documented -- check /src/Documentation/
      not a report: -:3:
      """)
    let diagnostics = reports.map { $0.diagnostic(in: mail, SourceTree(path: "/src", tree: "0")) }
    #expect(
      diagnostics == [
        Diagnostic(
          severity: .warning, message: "'lenght' may be misspelled - perhaps 'length'? [TYPO_SPELLING]"),
        Diagnostic(
          file: "drivers/iommu/a.c", line: 8, severity: .error,
          message: "spaces required around that '=' (ctx:VxV) [SPACING]"),
        Diagnostic(
          file: "drivers/iommu/a.c", line: 9, severity: .check, message: "Avoid CamelCase: <fooBar> [CAMELCASE]"),
        Diagnostic(
          file: "include/b.h", line: 1, severity: .warning,
          message: "DT compatible string \"x,y\" appears un-documented -- check Documentation/ [UNDOCUMENTED_DT_STRING]"
        ),
      ])
  }

  @Test func checkpatchSeesTheStateBeforeThePatch() throws {
    try withFolder { folder in
      let source = SourceTree(path: folder + "/src", tree: "0")
      for path in ["MAINTAINERS", "drivers/iommu/a.c", "drivers/iommu/b.c", "drivers/net/c.c", ".git/config"] {
        try write("base", to: "\(source.path)/\(path)")
      }
      let view = try CheckpatchFolder(
        source, before: ["drivers/iommu/a.c": Array("changed".utf8), "drivers/iommu/b.c": nil, "new/d.c": []],
        scratch: folder)
      func text(_ path: String) -> String? {
        Files.read("\(view.path)/\(path)").map { String(decoding: $0, as: UTF8.self) }
      }
      #expect(text("drivers/iommu/a.c") == "changed")
      #expect(text("drivers/iommu/b.c") == nil)
      #expect(text("drivers/net/c.c") == "base")
      #expect(text("MAINTAINERS") == "base")
      #expect(text("new/d.c") == "")
      #expect(text(".git/config") == nil)
      view.remove()
      #expect(!Files.exists(view.path))
      #expect(Files.read("\(source.path)/drivers/iommu/a.c") == Array("base".utf8))
    }
  }

  @Test func readsKernelDocOfEitherKind() {
    let python = KernelDocOutput(
      """
      Warning: drivers/iommu/x.c:8 function parameter 'b' not described in 'foo'
      Warning: drivers/iommu/x.c:18 missing initial short description on line:
       * struct foo -
      Warning: drivers/iommu/x.c:8 function parameter 'b' not described in 'foo'
      Info: drivers/iommu/x.c:1 Scanning doc for function foo
      """)
    #expect(
      python.diagnostics == [
        Diagnostic(
          file: "drivers/iommu/x.c", line: 8, severity: .warning,
          message: "function parameter 'b' not described in 'foo'"),
        Diagnostic(
          file: "drivers/iommu/x.c", line: 18, severity: .warning,
          message: "missing initial short description on line: * struct foo -"),
      ])
    #expect(python.other == [])
    let perl = KernelDocOutput("include/y.h:44: warning: Enum value 'A' not described in enum 'e'\n")
    #expect(
      perl.diagnostics == [
        Diagnostic(
          file: "include/y.h", line: 44, severity: .warning, message: "Enum value 'A' not described in enum 'e'")
      ])
  }

  @Test func anInterpreterThatIsTooOldIsNoCleanFile() {
    let text = "Error: Python 3.6 or later is required by kernel-doc. Skipping checks\n"
    #expect(KernelDocOutput(text).other == ["Error: Python 3.6 or later is required by kernel-doc. Skipping checks"])
    #expect(KernelDocOutput("env: python3: No such file\n").other.count == 1)
  }

  @Test func findsKernelDocWhereTheTreeKeepsIt() throws {
    try withFolder { folder in
      let scripts = KernelScripts(SourceTree(path: folder, tree: "0"))
      #expect(throws: Failure.self) { try scripts.kernelDocScript() }
      try write("#!/usr/bin/env perl\n", to: folder + "/scripts/kernel-doc")
      #expect(try scripts.kernelDocScript() == ("scripts/kernel-doc", "perl"))
      try write("#!/usr/bin/env python3\n", to: folder + "/tools/docs/kernel-doc")
      try write("X = 1\nKERNELDOC       = $(srctree)/tools/docs/kernel-doc\n", to: folder + "/Makefile")
      #expect(try scripts.kernelDocScript() == ("tools/docs/kernel-doc", "python3"))
    }
  }
}

/// Runs `body` with a folder that is removed afterwards.
func withFolder<T>(_ body: (String) throws -> T) throws -> T {
  let folder = NSTemporaryDirectory() + "seriesmith-\(UUID().uuidString)"
  try Files.makeFolder(folder)
  defer { try? Files.remove(folder) }
  return try body(folder)
}

/// Writes a file and the folders above it.
func write(_ text: String, to path: String) throws {
  try Files.makeFolder((path as NSString).deletingLastPathComponent)
  try Files.write(text.utf8, to: path)
}
