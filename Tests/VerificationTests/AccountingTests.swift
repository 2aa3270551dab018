import Diagnostics
import Testing

@testable import Verification

/// Every changed file is looked at by a check, exempt for a reason, or named.
@Suite struct AccountingTests {
  private let files = ["drivers/a.c": "needs map\n", "include/linux/ops.h": "map\n"]

  private func report(_ step: [String: String?], accepted: [Acceptance] = []) async throws -> VerifyReport {
    let present = Dictionary(uniqueKeysWithValues: step.keys.map { ($0, "old\n") })
    let scene = try await Scene(files.merging(present) { first, _ in first })
    return try await scene.report([step], [FakeCompiler(units: ["drivers/a.c"])], accepted: accepted)
  }

  @Test(arguments: [
    ("arch/arm64/boot/dts/board.dtsi", CheckName.devicetree, "make dtbs for its architecture"),
    ("Documentation/devicetree/bindings/iommu/one.yaml", .devicetree, "make dt_binding_check"),
    ("rust/kernel/error.rs", .rust, "a build with CONFIG_RUST=y"),
    ("tools/perf/builtin-list.c", .userspace, "a build that reads it"),
    ("Documentation/driver-api/vfio.rst", .documentation, "make htmldocs"),
    ("arch/arm64/configs/defconfig", .compile, "make with it as the target"),
  ])
  func whatNoCheckLooksAtIsNamed(path: String, check: CheckName, needs: String) async throws {
    let report = try await report([path: "new\n"])
    #expect(report.verdict == .incomplete)
    #expect(report.exitStatus == .falls)
    #expect(
      report.coverage.unchecked == [.init(file: path, why: "no check looks at it", needs: needs)])
    let checks = report.commits[0].checks.filter { $0.name == check && $0.lane == nil }
    #expect(checks.map(\.verdict) == [.skipped])
    #expect(checks[0].findings.map(\.file) == [path])
    #expect(checks[0].findings[0].notes == ["needs \(needs)"])
    #expect(report.sentence.contains("1 changed file unchecked"))
  }

  @Test func aDeletionIsNamedToo() async throws {
    #expect(try await report(["tools/lib/a.c": nil]).coverage.unchecked.map(\.file) == ["tools/lib/a.c"])
  }

  @Test func aFileOfAnUnknownKindIsNamed() async throws {
    let file = try #require(try await report(["block/blob.bin": "new\n"]).coverage.unchecked.first)
    #expect(file.needs == nil)
  }

  @Test func aFileOfAnotherArchitectureSaysWhichLaneItNeeds() async throws {
    let report = try await report(["arch/parisc/include/asm/a.h": "new\n", "arch/parisc/Kconfig": "new\n"])
    #expect(
      report.coverage.unchecked.map(\.why) == Array(repeating: "no lane is of the architecture 'parisc'", count: 2))
  }

  @Test func whatNothingHasToLookAtStandsAndIsCounted() async throws {
    let report = try await report(["drivers/.gitignore": "*.o\n", "CREDITS": "N: one\n", "drivers/a.c": "\n"])
    #expect(report.verdict == .stands)
    #expect(report.coverage.exempt.map(\.file) == ["CREDITS", "drivers/.gitignore"])
    #expect(report.sentence.hasSuffix("nothing unchecked at depth compile, 2 files exempt."))
  }

  @Test func anAcceptedFileStandsWithItsReason() async throws {
    func acceptance(_ file: String) -> Acceptance {
      Acceptance(check: nil, file: file, message: "", reason: "built by hand", place: Place("accepted.yaml", line: 2))
    }
    let path = "tools/perf/builtin-list.c"
    let report = try await report([path: "new\n"], accepted: [acceptance(path), acceptance("tools/other.c")])
    #expect(report.verdict == .stands)
    #expect(report.sentence.hasSuffix("1 finding accepted."))
    #expect(report.coverage.unchecked.map(\.accepted) == ["built by hand"])
    let findings = report.commits[0].checks.flatMap(\.findings)
    #expect(findings.contains { $0.message == "is not an unchecked file of the series: tools/other.c" })
  }
}
