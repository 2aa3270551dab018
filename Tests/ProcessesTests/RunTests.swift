import Diagnostics
import Foundation
import Processes
import Support
import Testing

@Suite struct RunTests {
  @Test func collectsOutputAndStatus() async throws {
    let outcome = try await run(Command("sh", ["-c", "echo out; echo err >&2; exit 3"]))
    #expect(outcome.text == "out\n")
    #expect(outcome.errorText == "err\n")
    #expect(outcome.termination == .exited(3))
    #expect(!outcome.succeeded)
  }

  @Test func passesInputEnvironmentAndDirectory() async throws {
    let command = Command(
      "sh", ["-c", "cat; printf %s \"$WORD\"; pwd; printf %s \"${HOME-none}\""],
      environment: ["WORD": "a b", "PATH": "/usr/bin:/bin"], clearEnvironment: true, directory: "/",
      input: Array("in\n".utf8))
    #expect(try await run(command).text == "in\na b/\nnone")
  }

  @Test func inputNobodyReadsIsNoError() async throws {
    let outcome = try await run(Command("true", input: Array(repeating: 65, count: 1 << 20)))
    #expect(outcome.succeeded)
  }

  @Test func drainsBothPipesWhenBothAreFull() async throws {
    let outcome = try await run(
      Command("sh", ["-c", "head -c 5000000 /dev/zero & head -c 5000000 /dev/zero >&2; wait"]))
    #expect(outcome.output.count == 5_000_000)
    #expect(outcome.error.count == 5_000_000)
  }

  @Test func aSignalIsReported() async throws {
    #expect(try await run(Command("sh", ["-c", "kill -9 $$"])).termination == .signalled(9))
  }

  @Test func namesAMissingExecutable() async throws {
    let failure = await #expect(throws: Failure.self) { try await run(Command("no-such-tool")) }
    #expect(failure?.status == .unavailable)
    #expect(failure?.findings.first?.message.contains("no-such-tool") == true)
  }

  @Test func aMissingDirectoryIsAFailure() async throws {
    let failure = await #expect(throws: Failure.self) { try await run(Command("true", directory: "/no/such")) }
    #expect(failure?.status == .unavailable)
  }

  @Test func requireSuccessShowsTheLastLines() async throws {
    let failure = await #expect(throws: Failure.self) {
      try await requireSuccess(Command("sh", ["-c", "echo one >&2; echo two >&2; exit 1"]), to: "count", lines: 1)
    }
    #expect(failure?.findings.first?.message == "cannot count: sh exited with status 1")
    #expect(failure?.findings.first?.notes.last == "two")
    #expect(failure?.findings.first?.notes.count == 2)
  }

  @Test func commandsPrintAsShellWords() {
    #expect(Command("make", ["O=/a b", "it's", ""]).description == "make 'O=/a b' 'it'\\''s' ''")
  }

  @Test func whichFindsOnlyExecutableFiles() {
    #expect(which("sh")?.hasSuffix("/sh") == true)
    #expect(which("no-such-tool") == nil)
    #expect(which("/etc") == nil)
    #expect(which("sh", path: "/nowhere") == nil)
  }
}

@Suite struct TeardownTests {
  /// A shell whose grandchild ignores SIGTERM, so that the leader ends first.
  private static func family(_ file: String) -> Command {
    Command("sh", ["-c", "sh -c 'trap \"\" TERM; echo $$ >\(file); while :; do sleep 1; done' & wait"])
  }

  private static func withFile<T>(_ body: (String) async throws -> T) async throws -> T {
    let file = FileManager.default.temporaryDirectory.appending(path: "pid-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    return try await body(file)
  }

  /// Whether the process whose id is in `file` is gone. A zombie counts as gone.
  private static func isGone(_ file: String) async throws -> Bool {
    let pid = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")[0]
    for _ in 0..<50 {
      guard let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
        !status.contains(") Z ")
      else { return true }
      try await Task.sleep(for: .milliseconds(20))
    }
    return false
  }

  @Test(.timeLimit(.minutes(10))) func aTimeLimitLeavesNoGrandchild() async throws {
    try await Self.withFile { (file: String) async throws in
      // The processes never end by themselves. How late the limit takes effect depends on the machine's load.
      let outcome = try await run(Self.family(file), timeLimit: .seconds(3))
      #expect(outcome.termination == .timedOut)
      #expect(try await Self.isGone(file))
    }
  }

  @Test func cancellingLeavesNoGrandchild() async throws {
    try await Self.withFile { (file: String) async throws in
      let task = Task { try await run(Self.family(file)) }
      while (try? String(contentsOfFile: file, encoding: .utf8))?.contains("\n") != true {
        try await Task.sleep(for: .milliseconds(10))
      }
      task.cancel()
      let failure = await #expect(throws: Failure.self) { try await task.value }
      #expect(failure?.status == .interrupted)
      #expect(try await Self.isGone(file))
    }
  }

  /// Like a make below another that removes half-written files.
  @Test func whoIsCancelledHasTimeToCleanUpWhenTheLeaderHasEnded() async throws {
    try await Self.withFile { (file: String) async throws in
      let script = "(trap 'sleep 0.1; rm \(file); exit' TERM; echo half >\(file); sleep 3600 & wait) & wait"
      let task = Task { try await run(Command("sh", ["-c", script])) }
      while !Files.exists(file) { try await Task.sleep(for: .milliseconds(10)) }
      task.cancel()
      _ = await task.result
      #expect(!Files.exists(file))
    }
  }

  @Test func aLeaderThatEndsTakesItsChildrenAlong() async throws {
    try await Self.withFile { (file: String) async throws in
      let script = "sleep 3600 & echo $! >\(file)"
      #expect(try await run(Command("sh", ["-c", script])).succeeded)
      #expect(try await Self.isGone(file))
    }
  }

  @Test func aSignalCancelsTheBody() async throws {
    try await Self.withFile { (file: String) async throws in
      let failure = await #expect(throws: Failure.self) {
        try await withSignalsCancelling { () async throws(Failure) in
          let task = Task {
            while !FileManager.default.fileExists(atPath: file) { try await Task.sleep(for: .milliseconds(10)) }
            kill(getpid(), SIGTERM)
          }
          defer { task.cancel() }
          return try await run(Self.family(file))
        }
      }
      #expect(failure?.status == .interrupted)
      try await Task.sleep(for: .milliseconds(20))
      #expect(try await Self.isGone(file))
    }
  }
}
