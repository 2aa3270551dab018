import Diagnostics
import Testing

@testable import Verification

@Suite struct CompileMatrixTests {
  private let files = [
    "include/linux/ops.h": "struct ops {\n\tint (*map)(void);\n};\n",
    "drivers/a.c": "#include <linux/ops.h>\nneeds map\n",
    "drivers/b.c": "#include <linux/ops.h>\nneeds map\n",
  ]
  private let grown = "struct ops {\n\tint (*map)(void);\n\tint (*length)(void);\n};\n"

  private func compiler(_ scene: Scene, lane: String = "arm64") -> FakeCompiler {
    FakeCompiler(lane: lane, units: ["drivers/a.c", "drivers/b.c"])
  }

  @Test func aGoodSeriesStands() async throws {
    let scene = try await Scene(files)
    let compiler = compiler(scene)
    let report = try await scene.report(
      [["include/linux/ops.h": grown], ["drivers/a.c": "needs length\n"]], [compiler])
    #expect(report.verdict == .stands)
    #expect(report.firstBad == nil)
    // Patch 1 adds a member that nobody names: one unit that includes the header is compiled.
    #expect(compiler.compiled == ["drivers/a.c@1", "drivers/a.c@2"])
    #expect(report.coverage == .init(changedFiles: 2))
  }

  @Test func aNameThatGoesIsLookedForWhereNoLaneCompiles() async throws {
    let others = [
      "arch/sparc/c.c": "#include <linux/ops.h>\nint c(struct ops *ops)\n{\n\t/* length */\n\treturn ops->length;\n}\n",
      "rust/ops.rs": "let x = ops.length;\n", "Documentation/ops.rst": "The length is new.\n",
    ]
    let scene = try await Scene(files.merging(others) { $1 }.merging(["include/linux/ops.h": grown]) { $1 })
    let report = try await scene.report(
      [["include/linux/ops.h": "struct ops {\n\tint (*map)(void);\n};\n"]], [compiler(scene)])
    #expect(report.verdict == .incomplete)
    #expect(
      report.commits[0].findings(.compile).map { "\($0.finding.severity) \($0.finding.place?.description ?? "")" } == [
        "warning arch/sparc/c.c:5", "note Documentation/ops.rst:1", "warning rust/ops.rs:1",
      ])
    // A name that compiled code still has may be anything.
    let used = try await Scene(
      files.merging(others) { $1 }.merging([
        "include/linux/ops.h": grown, "drivers/a.c": "#include <linux/ops.h>\nneeds map\nint length;\n",
      ]) { $1 })
    let again = try await used.report(
      [["include/linux/ops.h": "struct ops {\n\tint (*map)(void);\n};\n"]], [compiler(used)])
    #expect(again.verdict == .stands)
  }

  /// What a header's text means may depend on what an includer had included before.
  @Test func aHeaderThatLacksWhatItUsesIsCompiledByEachIncluder() async throws {
    let files = files.merging(["drivers/a.c": "#include <linux/ops.h>\nprovides it\n"]) { $1 }
    let scene = try await Scene(files)
    let lacking = compiler(scene)
    let report = try await scene.report([["include/linux/ops.h": grown + "uses it\n"]], [lacking])
    #expect(lacking.parsed == ["include/linux/ops.h@0", "include/linux/ops.h@1"])
    #expect(lacking.compiled.contains("drivers/a.c@1") && lacking.compiled.contains("drivers/b.c@1"))
    #expect(report.commits[0].findings(.compile).map(\.message) == ["unknown 'it'"])
    // One that has what it uses reads the same everywhere, so that one includer is enough.
    let whole = compiler(scene)
    #expect(
      try await scene.report([["include/linux/ops.h": grown + "provides it\nuses it\n"]], [whole]).verdict == .stands)
    #expect(whole.parsed == ["include/linux/ops.h@1"])
    #expect(whole.compiled.count == 1)
    // A lane that builds no includer that is asked for, but another unit, parses it as well.
    let other = FakeCompiler(units: ["drivers/c.c"])
    _ = try await scene.report(
      [["include/linux/ops.h": grown + "uses it\n", "drivers/c.c": "int c;\n"]], [other])
    #expect(other.parsed.contains("include/linux/ops.h@1"))
  }

  /// Most includers of a header may be ones that a lane does not build, in folders that come first.
  @Test func aLaneFindsTheOneIncluderThatItBuilds() async throws {
    var files = files
    for number in 10..<60 { files["arch/arm64/\(number).c"] = "#include <linux/ops.h>\n" }
    let scene = try await Scene(files)
    let compiler = FakeCompiler(units: ["drivers/b.c"])
    let report = try await scene.report([["include/linux/ops.h": grown]], [compiler])
    #expect(report.verdict == .stands)
    #expect(compiler.compiled == ["drivers/b.c@1"])
    // An includer that mentions what is new is affected, but if the lane does not build it, nothing has read the header.
    let mentioned = try await Scene(files.merging(["drivers/a.c": "#include <linux/ops.h>\nint length;\n"]) { $1 })
    let other = FakeCompiler(units: ["drivers/b.c"])
    #expect(try await mentioned.report([["include/linux/ops.h": grown]], [other]).verdict == .stands)
    #expect(other.compiled == ["drivers/b.c@1"])
    let none = FakeCompiler(units: ["drivers/c.c"])
    let unread = try await scene.report([["include/linux/ops.h": grown]], [none])
    #expect(unread.commits[0].findings(.compile).map(\.message) == ["no lane reads this changed file"])
  }

  @Test func aMemberUsedTooEarlyIsExplained() async throws {
    let scene = try await Scene(files)
    let report = try await scene.report(
      [["drivers/b.c": "needs map\n\n"], ["drivers/a.c": "\nneeds length\n"], ["include/linux/ops.h": grown]],
      [compiler(scene, lane: "arm"), compiler(scene)])
    #expect(report.verdict == .falls)
    #expect(report.commits.map(\.verdict) == [.stands, .falls, .stands])
    #expect(report.firstBad?.index == 2)
    #expect(report.firstBad?.check == .compile)
    #expect(report.firstBad?.lane == "arm")
    #expect(report.firstBad?.fixedBy == 3)
    #expect(
      report.firstBad?.reason
        == "drivers/a.c:2:1: no member named 'length'; patch 2 uses a member that patch 3 adds: "
        + "move patch 3 before it, or that hunk into patch 2")
    #expect(report.exitStatus == .falls)
  }

  @Test func aCommitThatLeavesAUnitBrokenIsNotBlamedForIt() async throws {
    let scene = try await Scene(files)
    let report = try await scene.report(
      [["drivers/a.c": "needs length\n"], ["drivers/b.c": "needs map\n\n"], ["include/linux/ops.h": grown]],
      [compiler(scene)])
    #expect(report.commits.map(\.verdict) == [.falls, .incomplete, .stands])
    #expect(report.commits[1].findings(.compile).map(\.finding.severity) == [.note])
    #expect(report.firstBad?.index == 1)
    #expect(report.firstBad?.fixedBy == 3)
  }

  @Test func removingAMemberIsFoundInUnitsThatOnlyNameIt() async throws {
    let scene = try await Scene(files)
    let report = try await scene.report(
      [["include/linux/ops.h": "struct ops {\n\tint x;\n};\n", "drivers/a.c": "\n"]], [compiler(scene)])
    #expect(report.commits[0].findings(.compile).map(\.file) == ["drivers/b.c"])
    #expect(report.firstBad?.fixedBy == nil)
  }

  @Test func warningsCountOnceAndOnlyWhenNew() async throws {
    var files = files
    files["drivers/a.c"] = "warns x\n"
    let scene = try await Scene(files)
    let report = try await scene.report(
      [["drivers/a.c": "\n\nwarns x\n"], ["drivers/a.c": "warns y\n"], ["drivers/a.c": "\nwarns y\n"]],
      [compiler(scene)])
    #expect(report.commits.map(\.verdict) == [.stands, .falls, .stands])
    #expect(report.commits[1].findings(.compile).map(\.message) == ["unused 'y'"])
  }

  @Test func aSecondRunCompilesNothing() async throws {
    let scene = try await Scene(files)
    let steps: [[String: String?]] = [["include/linux/ops.h": grown], ["drivers/a.c": "needs nothing\n"]]
    let first = try await scene.report(steps, [compiler(scene)])
    let again = compiler(scene)
    let second = try await scene.report(steps, [again])
    #expect(again.compiled.isEmpty)
    #expect(second.verdict == first.verdict)
    #expect(second.commits.flatMap(\.checks).map(\.cached).reduce(0, +) > 0)
    // Another compiler, or one changed driver, causes only the compilations it affects.
    let other = FakeCompiler(identity: "2", units: ["drivers/a.c"])
    _ = try await scene.report(steps, [other])
    #expect(!other.compiled.isEmpty)
    let amended = compiler(scene)
    _ = try await scene.report([steps[0], ["drivers/a.c": "needs map\n\n"]], [amended])
    #expect(amended.compiled == ["drivers/a.c@2"])
  }

  @Test func statesCompiledAtOnceAreAllKept() async throws {
    let scene = try await Scene(files)
    let states = try await scene.states((1...6).map { ["drivers/a.c": String(repeating: "\n", count: $0)] })
    let first = try #require(scene.lane(compiler(scene), states).epochs.first)
    let command = try #require(try await first.compiler.commands(for: ["drivers/a.c"])["drivers/a.c"]?.first)
    await withTaskGroup(of: Void.self) { group in
      for state in 1...6 { group.addTask { _ = try? await first.compile(command, at: state) } }
    }
    let second = try #require(scene.lane(compiler(scene), states).epochs.first)
    for state in 1...6 { #expect(try await second.compile(command, at: state).isStored) }
  }

  @Test func aFailureOfTheMachineIsNeitherVerdictNorStored() async throws {
    let scene = try await Scene(files)
    let first = compiler(scene)
    let report = try await scene.report([["drivers/a.c": "crashes\n"]], [first])
    #expect(report.verdict == .incomplete)
    #expect(report.exitStatus == .falls)
    #expect(report.commits[0].findings(.compile).first?.message.contains("killed by signal 9") == true)
    let second = compiler(scene)
    _ = try await scene.report([["drivers/a.c": "crashes\n"]], [second])
    #expect(second.compiled == ["drivers/a.c@1"])
  }

  @Test func whatTheBaseDoesNotCompileInALaneIsCheckedInAnother() async throws {
    let scene = try await Scene(files.merging(["drivers/a.c": "only arm64\n"]) { $1 })
    let steps: [[String: String?]] = [["drivers/a.c": "only arm64\n\n"], ["drivers/a.c": "only arm64\nneeds x\n"]]
    let report = try await scene.report(steps, [compiler(scene), compiler(scene, lane: "s390")])
    #expect(report.commits.map(\.verdict) == [.stands, .falls])
    #expect(report.firstBad?.lane == "arm64")
    #expect(
      report.commits[0].findings(.compile).map(\.finding) == [
        Finding(.note, at: Place("drivers/a.c"), "does not compile at the base either, it is checked in arm64")
      ])
    let alone = try await scene.report([steps[0]], [compiler(scene, lane: "s390")])
    #expect(alone.verdict == .incomplete)
    #expect(
      alone.commits[0].findings(.compile).map(\.finding) == [
        Finding(.warning, at: Place("drivers/a.c"), "does not compile at the base either, so nothing can be said")
      ])
  }

  private let exporting = [
    "include/linux/ops.h": "int map(void);\n",
    "drivers/a.c": "int map(void) {}\nEXPORT_SYMBOL(map);\n",
    "modules/b.c": "static int call_map(void) { return map(); }\n",
  ]

  private let length = "int length(void) {}\nEXPORT_SYMBOL(length);\n"

  private func linker(_ lane: String = "arm64") -> FakeCompiler {
    FakeCompiler(lane: lane, units: ["drivers/a.c", "modules/b.c"])
  }

  @Test func aModuleThatUsesWhatIsExportedLaterFalls() async throws {
    let scene = try await Scene(exporting)
    let user = [
      "modules/b.c": "static int call_map(void) { return map(); }\nstatic int call_length(void) { return length(); }\n"
    ]
    let given = ["drivers/a.c": "int map(void) {}\nEXPORT_SYMBOL(map);\nint length(void) {}\n"]
    let exported = ["drivers/a.c": "int map(void) {}\nEXPORT_SYMBOL(map);\n\(length)"]
    let other = ["include/linux/ops.h": "int map(void);\n\n"]
    let report = try await scene.report([given, user, other, exported], [linker()])
    #expect(report.commits.map(\.verdict) == [.stands, .falls, .incomplete, .stands])
    #expect(report.firstBad?.check == .link)
    #expect(report.firstBad?.lane == "arm64")
    #expect(report.firstBad?.fixedBy == 4)
    #expect(report.firstBad?.reason.hasPrefix("modules/b.c:2: \"length\" [modules/b.ko] undefined") == true)
    #expect(try await scene.report([given, exported, user], [linker()]).verdict == .stands)
  }

  @Test func anExportThatGoesIsMissedByItsUsers() async throws {
    let scene = try await Scene(exporting)
    let report = try await scene.report([["drivers/a.c": "int map(void) {}\n"]], [linker()])
    #expect(report.firstBad?.check == .link)
    #expect(report.commits[0].findings(.link).map(\.file) == ["modules/b.c"])
    // The export may go together with its last user.
    let both = try await scene.report([["modules/b.c": "\n", "drivers/a.c": "\n"]], [linker()])
    #expect(both.verdict == .stands)
  }

  @Test func aSourceThatIsGoneAndStillListedFalls() async throws {
    let scene = try await Scene(exporting)
    let report = try await scene.report([["drivers/a.c": nil]], [linker()])
    #expect(report.commits[0].findings(.compile).map(\.message) == ["is gone, but Kbuild still builds drivers/a.o"])
    #expect(report.commits[0].findings(.link).map(\.file) == ["modules/b.c"])
  }

  @Test func theSecondRunLinksFromTheStore() async throws {
    let scene = try await Scene(exporting)
    let steps: [[String: String?]] = [["drivers/a.c": "int map(void) {}\n"]]
    let first = try await scene.report(steps, [linker()])
    let again = linker()
    #expect(try await scene.report(steps, [again]).commits.map(\.verdict) == first.commits.map(\.verdict))
    #expect(again.compiled.isEmpty)
  }

  @Test func nothingIsSaidOfALinkWhereTheOtherSideDoesNotCompile() async throws {
    let scene = try await Scene(exporting)
    let report = try await scene.report(
      [
        [
          "drivers/a.c": "needs x\n\(length)",
          "modules/b.c":
            "static int call_map(void) { return map(); }\nstatic int call_length(void) { return length(); }\n",
        ]
      ], [linker()])
    #expect(report.firstBad?.check == .compile)
    #expect(report.commits[0].checks.filter { $0.name == .link }.allSatisfy { $0.verdict != .fail })
  }

  @Test func aFileNoLaneCompilesIsAFinding() async throws {
    let scene = try await Scene(files.merging(["drivers/c.c": "int c;\n"]) { $1 })
    let steps: [[String: String?]] = [["drivers/a.c": "\n"], ["drivers/c.c": "int d;\n"]]
    let report = try await scene.report(steps, [compiler(scene)])
    #expect(report.coverage.neverCompiled == ["drivers/c.c"])
    #expect(report.commits.map(\.verdict) == [.stands, .incomplete])
    #expect(report.verdict == .incomplete)
    #expect(report.exitStatus == .falls)
  }

  @Test func anAddedFileIsNotPassedSilently() async throws {
    let scene = try await Scene(files)
    let report = try await scene.report([["drivers/new.c": "int n;\n"]], [compiler(scene)])
    #expect(report.verdict == .incomplete)
    #expect(report.coverage.neverCompiled == ["drivers/new.c"])
  }
}

extension CommitReport {
  /// What a check found, in all lanes.
  fileprivate func findings(_ check: CheckName) -> [ReportedFinding] {
    checks.filter { $0.name == check }.flatMap(\.findings)
  }
}
