import Testing

extension OnTheEmbeddedKernel {
  @Suite(.serialized) struct Verification {
    @Test func theSeriesStands() async throws {
      let run = try await VerifyRun.verify(try await GeneratedSeries.folder())
      #expect(run.status == 0)
      #expect(run.report.verdict == "stands")
      #expect(run.report.firstBad == nil)
      #expect(run.report.coverage.neverCompiled == [])
      #expect(run.report.commits.count == 9)
      let checks = run.report.commits.flatMap(\.checks)
      let lanes = Set(checks.compactMap(\.lane))
      #expect(lanes == ["x86_64", "arm64", "arm", "powerpc", "s390", "ppc-corenet32"])
      #expect(checks.allSatisfy { $0.verdict == "pass" })
    }
  }
}
