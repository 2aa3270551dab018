import Foundation
import GitBinary
import Testing

/// `verify --launcher`, on the fake kernel.
@Suite struct LauncherVerifyTests {
  /// A series that falls in its last commit.
  @Test func theVerdictIsThatOfTheCompilerAlone() async throws {
    let series = try FakeSeries()
    try series.commit("twice: lose it", ["drivers/twice.c": "int twice(void) { if (1) ; return missing; }\n"])
    let script = series.folder + "/launcher"
    try Script.write("#!/bin/sh\necho >> \(series.folder)/log\nexec \"$@\"\n", to: script)

    let launched = try await series.verify(["--launcher", script])
    #expect(launched.status == 1)
    let count = FileManager.default.contents(atPath: series.folder + "/log")?.count ?? 0
    #expect(count > 0)
    #expect(launched.text.contains(" by \(script), "), "\(launched.text)")
    // Results with and without a launcher share their cache keys.
    let known = try await series.verify()
    #expect(known.text.contains("\n0 compilations for "), "\(known.text)")

    try FileManager.default.removeItem(atPath: series.cache + "/verdicts")
    let alone = try await series.verify()
    #expect(!alone.text.contains(script))
    #expect(try alone.json.withoutEffort() == launched.json.withoutEffort())
  }

  @Test func aLauncherThatIsNotInstalledIsNamed() async throws {
    let series = try FakeSeries()
    let run = try await Command.seriesmith(
      series.arguments + ["--launcher", "no-such-engine"], in: series.folder, environment: series.environment)
    #expect(run.status == 69)
    #expect(run.error.contains("no-such-engine is not installed"), "\(run.error)")
  }
}
