import Foundation
import Testing

extension OnTheEmbeddedKernel {
  /// Files that the lanes' compilers do not read are checked by the kernel's own programs.
  @Suite(.serialized) struct FileChecks {
    typealias Edit = EmbeddedKernel.FileEdit

    static func appending(_ text: String) -> Edit { { $0 + text } }

    static func changing(_ old: String, to new: String) -> Edit { { try $0.changing(old, to: new) } }

    /// One commit for each step; files are named by paths, nil deletes one.
    private func verify(_ steps: [[String: Edit?]], lanes: [String] = []) async throws -> VerifyRun {
      try await withScratchFolder { folder in
        let repository = try await EmbeddedKernel.repository(with: steps, in: folder)
        return try await VerifyRun.verify("base..HEAD", lanes: lanes, tree: repository)
      }
    }

    private static let board = "arch/arm64/boot/dts/rockchip/rk3399-rockpro64.dtsi"
    private static let leds = "include/dt-bindings/leds/leds-ns2.h"

    /// Each fault in a commit of its own, and taken back in the next.
    @Test func devicetrees() async throws {
      let label = "\n&no_such_label {\n\tstatus = \"okay\";\n};\n"
      let macro = "\n/ {\n\tmode = <NO_SUCH_MACRO>;\n};\n"
      let run = try await verify(
        [
          [Self.board: Self.appending("\n/* nothing new */\n")],
          [Self.board: Self.appending(label)],
          [Self.board: Self.changing(label, to: "")],
          [Self.board: Self.appending(macro)],
          [Self.board: Self.changing(macro, to: "")],
          [Self.leds: Self.changing("NS_V2_LED_OFF", to: "NS_V2_LED_DARK")],
          ["arch/arm64/boot/dts/rockchip/rk3399-rockpro64-v2.dts": nil],
        ], lanes: ["arm", "arm64"])
      let checks = run.report.commits.map { $0.checks.filter { $0.name == "devicetree" } }
      #expect(
        checks.map { $0.map(\.verdict) } == [["pass"], ["fail"], ["pass"], ["fail"], ["pass"], ["fail"], ["fail"]],
        "\(run.output)")
      #expect(run.report.verdict == "falls")
      let bad = try #require(run.report.firstBad)
      #expect((bad.index, bad.check, bad.fixedBy) == (2, "devicetree", 3))
      #expect(checks[1][0].findings.map(\.file) == [Self.board], "\(run.output)")
      #expect(checks[1][0].findings[0].message.contains("no_such_label"), "\(run.output)")
    }

    /// The verdicts of a check by commit, and of the whole run the first bad commit.
    private func verdicts(_ name: String, _ run: VerifyRun) -> [[String]] {
      run.report.commits.map { $0.checks.filter { $0.name == name }.map(\.verdict) }
    }

    @Test func toolsAndSelftests() async throws {
      let test = "tools/testing/selftests/sync/sync.c"
      let tool = "tools/usb/testusb.c"
      let fault = "\nstruct length { no_such_type length; };\n"
      let unused = "\nstatic int length(void) { return 0; }\n"
      let run = try await verify([
        [tool: Self.appending("\n/* nothing new */\n"), test: Self.appending("\n/* nothing new */\n")],
        [tool: Self.appending(fault)],
        [tool: Self.changing(fault, to: "")],
        [test: Self.appending(fault)],
        [test: Self.changing(fault, to: "")],
        [tool: Self.appending(unused)],
      ])
      #expect(
        verdicts("userspace", run) == [["pass"], ["fail"], ["pass"], ["fail"], ["pass"], ["fail"]], "\(run.output)")
      let bad = try #require(run.report.firstBad)
      #expect((bad.index, bad.check, bad.fixedBy) == (2, "userspace", 3))
      #expect(bad.reason.contains("tools/usb/testusb.c:") && bad.reason.contains("no_such_type"), "\(bad.reason)")
    }

    @Test func scripts() async throws {
      let (python, shell, perl) = ("scripts/bloat-o-meter", "scripts/patch-kernel", "scripts/bootgraph.pl")
      let run = try await verify([
        [python: Self.appending("\n# nothing new\n"), shell: Self.appending("\n# nothing new\n")],
        [python: Self.appending("\nif True\n")],
        [python: Self.changing("\nif True\n", to: "")],
        [shell: Self.appending("\nif true; then\n")],
        [shell: Self.changing("\nif true; then\n", to: ""), perl: Self.appending("\nsub {\n")],
      ])
      #expect(verdicts("userspace", run) == [["pass"], ["fail"], ["pass"], ["fail"], ["fail"]], "\(run.output)")
      #expect(run.report.firstBad?.fixedBy == 3)
    }

    @Test func maintainers() async throws {
      let entry = "\nA FILE THAT IS NOT THERE\nF:\tdrivers/iommu/none.c\n"
      let run = try await verify([
        [
          "MAINTAINERS": Self.appending(
            "\nA PART OF ITS OWN\nM:\tOne <one@example.org>\nS:\tMaintained\nF:\tMAINTAINERS\n")
        ],
        ["MAINTAINERS": Self.appending(entry)],
        ["MAINTAINERS": Self.changing(entry, to: "")],
        ["tools/testing/selftests/cgroup/test_zswap.c": nil],
      ])
      #expect(verdicts("structure", run).map(\.last) == ["pass", "fail", "pass", "fail"], "\(run.output)")
      #expect(run.report.firstBad?.index == 2)
      #expect(run.report.firstBad?.check == "structure")
    }

    /// A build compiles it, and makefiles name it without its suffix.
    @Test func aProgramOfTheBuildIsBuiltAnew() async throws {
      let run = try await verify([["scripts/kallsyms.c": Self.appending("\nno_such_type length;\n")]], lanes: ["s390"])
      #expect(run.report.verdict == "falls", "\(run.output)")
      #expect(run.output.contains("no_such_type"), "\(run.output)")
    }

    /// Each of these would leave a file behind if it ran outside the sandbox.
    @Test func nothingOfASeriesRunsUnconfined() async throws {
      try await withScratchFolder { folder in
        let mark = folder + "/mark"
        let python = "\nopen('\(mark)', 'w')\n"
        let steps: [[String: Edit?]] = [
          ["ast.py": Self.appending(python), "scripts/bloat-o-meter": Self.appending("\n# new\n")],
          ["scripts/bootgraph.pl": Self.appending("\nBEGIN { system(\"touch \(mark)\") }\n")],
          [
            ".get_maintainer.conf": Self.appending("--self-test=scm --\n"),
            "MAINTAINERS": Self.appending("\nMARK\nM:\tOne <one@example.org>\nT:\tgit x$(touch${IFS}\(mark))\n"),
          ],
          ["Documentation/conf.py": Self.appending(python), "Documentation/driver-api/vfio.rst": Self.appending("\n")],
        ]
        let repository = try await EmbeddedKernel.repository(with: steps, in: folder)
        let run = try await VerifyRun.verify("base..HEAD", depth: "full", tree: repository)
        #expect(run.report.commits.count == 4, "\(run.output)")
        #expect(!FileManager.default.fileExists(atPath: mark), "\(run.output)")
      }
    }

    @Test func documentation() async throws {
      let document = "Documentation/driver-api/vfio.rst"
      let heading = "\nA heading that is longer\n====\n"
      let reference = "\nSee :ref:`no_such_label` and :doc:`vfio-mediated-device`.\n"
      let steps: [[String: Edit?]] = [
        [document: Self.appending("\nNothing new, see :ref:`submittingpatches`.\n")],
        [document: Self.appending(heading)],
        [document: Self.changing(heading, to: "")],
        [document: Self.appending(reference)],
        [document: Self.changing(reference, to: ""), "Documentation/driver-api/vfio-mediated-device.rst": nil],
      ]
      try await withScratchFolder { folder in
        let repository = try await EmbeddedKernel.repository(with: steps, in: folder)
        let run = try await VerifyRun.verify("base..HEAD", depth: "full", tree: repository)
        #expect(
          verdicts("documentation", run) == [["pass"], ["fail"], ["pass"], ["fail"], ["fail"]], "\(run.output)")
        #expect(run.report.firstBad?.index == 2)
        #expect(run.report.firstBad?.fixedBy == 3)
        let shallow = try await VerifyRun.verify("base..HEAD~4", tree: repository)
        #expect(shallow.report.verdict == "incomplete")
        #expect(shallow.output.contains("needs --depth full"), "\(shallow.output)")
      }
    }

    @Test func aDevicetreeThatIsSoundStands() async throws {
      let run = try await verify([[Self.board: Self.appending("\n/* a comment */\n")]])
      #expect(run.report.verdict == "stands", "\(run.output)")
      #expect(run.output.contains("stands: 1 commit, nothing unchecked at depth compile."), "\(run.output)")
    }
  }
}
