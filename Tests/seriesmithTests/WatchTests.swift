import Foundation
import Testing

/// `verify --watch`, on the fake kernel.
@Suite struct WatchTests {
  /// The command in the background, with its output in a file.
  private final class Watch {
    private let process = Process()
    private let log: String

    init(_ series: FakeSeries, _ options: [String] = []) throws {
      log = series.folder + "/log"
      try Data().write(to: URL(fileURLWithPath: log))
      process.executableURL = URL(fileURLWithPath: Command.executable)
      // Not main: in the middle of a rebase, only HEAD moves.
      let arguments = series.arguments.map { $0 == "base..main" ? "base..HEAD" : $0 }
      process.arguments = arguments + ["--watch"] + options
      process.currentDirectoryURL = URL(fileURLWithPath: series.folder)
      process.environment = ProcessInfo.processInfo.environment.merging(series.environment) { $1 }
        .merging(["NO_COLOR": "1", "TZ": "UTC"]) { $1 }
      let file = try FileHandle(forUpdating: URL(fileURLWithPath: log))
      process.standardOutput = file
      process.standardError = file
      try process.run()
    }

    deinit { process.terminate() }

    /// What is printed until the command waits for the next change, from the last such moment on.
    func round() async throws -> String {
      for _ in 0..<1200 {
        let text = try String(contentsOfFile: log, encoding: .utf8)
        if let end = text.range(of: "watching for changes; Ctrl-C ends it\n") {
          let rest = text[end.upperBound...]
          try "".write(toFile: log, atomically: false, encoding: .utf8)
          #expect(rest.isEmpty, "\(rest)")
          return String(text[..<end.lowerBound].drop { $0 == "\0" })
        }
        guard process.isRunning else { return "ended with \(process.terminationStatus): \(text)" }
        try await Task.sleep(for: .milliseconds(100))
      }
      return "nothing more: \(try String(contentsOfFile: log, encoding: .utf8))"
    }

    func interrupt() async -> Int32 {
      process.interrupt()
      while process.isRunning { try? await Task.sleep(for: .milliseconds(50)) }
      return process.terminationStatus
    }
  }

  @Test func showsWhatBecomesBetterAndWorse() async throws {
    let series = try FakeSeries()
    let json = series.folder + "/report.json"
    let watch = try Watch(series, ["--json", json])
    let first = try await watch.round()
    #expect(first.contains("✓ ") && first.contains("\nstands: 3 commits, 1 lane"), "\(first)")
    try FileManager.default.removeItem(atPath: json)

    try series.commit("twice: lose it", ["drivers/twice.c": "int twice(void) { return missing; }\n"])
    let worse = try await watch.round()
    #expect(
      worse.contains("worse: patch 4/4, compile, fake:\ndrivers/twice.c:1:26: error: use of undeclared identifier"),
      "\(worse)")
    #expect(worse.contains("\nfalls at patch 4/4") && !worse.contains("better"), "\(worse)")
    #expect(FileManager.default.fileExists(atPath: json))

    // In an earlier place, and with another commit before it, a commit is the same one.
    try series.git("reset", "--quiet", "--hard", "HEAD~2")
    try series.commit("page: a comment", ["include/linux/page.h": "/* A page */\nextern int page;\n"])
    try series.commit("twice: lose it", ["drivers/twice.c": "int twice(void) { return 4; }\n"])
    let better = try await watch.round()
    #expect(better.contains("better: patch 4/4, compile, fake:\ndrivers/twice.c:1:26: error:"), "\(better)")
    #expect(better.contains("\nstands: 4 commits") && !better.contains("worse"), "\(better)")
    #expect(await watch.interrupt() == 130)
  }

  @Test func showsWhyARangeCannotBeVerifiedNow() async throws {
    let series = try FakeSeries()
    let watch = try Watch(series)
    #expect(try await watch.round().contains("\nstands: 3 commits"))
    try series.git("reset", "--quiet", "--hard", "base")
    #expect(try await watch.round().contains("error: no commits in 'base..HEAD'"))
    try series.commit("twice: four", ["drivers/twice.c": "int twice(void) { return 4; }\n"])
    #expect(try await watch.round().contains("nothing became better or worse\nstands: 1 commit"))
    #expect(await watch.interrupt() == 130)
    // Scratch folders are gone; what was found out is kept.
    let names = try FileManager.default.subpathsOfDirectory(atPath: series.cache)
    #expect(!names.contains { $0.contains("scratch/") }, "\(names)")
  }

  @Test func waitsForTheEndOfARebase() async throws {
    let series = try FakeSeries()
    let watch = try Watch(series)
    #expect(try await watch.round().contains("\nstands: 3 commits"))
    try series.commit("twice: four", ["drivers/twice.c": "int twice(void) { return 4; }\n"])
    #expect(throws: (any Error).self) { try series.git("rebase", "--quiet", "--exec", "false", "HEAD~1") }
    try series.commit("twice: lose it", ["drivers/twice.c": "int twice(void) { return missing; }\n"])
    try await Task.sleep(for: .seconds(4))
    try series.git("reset", "--quiet", "--hard", "HEAD~1")
    try series.git("rebase", "--continue")
    let end = try await watch.round()
    #expect(end.contains("nothing became better or worse\nstands: 4 commits"), "\(end)")
    #expect(await watch.interrupt() == 130)
  }

  @Test func aFirstRunThatFailsEndsIt() async throws {
    let series = try FakeSeries()
    try series.git("reset", "--quiet", "--hard", "base")
    let text = try await Watch(series).round()
    #expect(text.hasPrefix("ended with 65") && text.contains("no commits in 'base..HEAD'"), "\(text)")
  }
}
