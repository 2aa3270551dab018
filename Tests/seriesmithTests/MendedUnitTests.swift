import Foundation
import Testing

/// A unit that one commit breaks and a later one fixes, on the fake kernel.
@Suite struct MendedUnitTests {
  /// Its symbols are compared with those from the last time it compiled.
  @Test func whatIsAsItWasChangesNoLink() async throws {
    let series = try FakeSeries()
    try series.commit("twice: break", ["drivers/twice.c": "int twice(void) { return missing; }\n"])
    try series.commit("main: more", ["drivers/main.c": "int main_part(void) { return 1; }\n"])
    try series.commit("twice: mend", ["drivers/twice.c": "int twice(void) { return 3; }\n"])
    try series.commit("twice: use more", ["drivers/twice.c": "int gone(void);\nint twice(void) { return gone(); }\n"])
    let run = try await series.verify()
    #expect(run.status == 1)
    let links = run.report.commits.map { $0.checks.filter { $0.name == "link" } }
    #expect(links[5].allSatisfy { $0.units == 0 && $0.verdict == "pass" }, "\(run.text)")
    #expect(links[6].contains { $0.verdict == "fail" })
  }
}
