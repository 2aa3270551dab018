import Foundation
import Testing

@testable import Processes

@Suite struct WatchdogTests {
  /// Starts the watchdog's own shell and sends it what a process would before being killed.
  @Test func killsWhatIsLeftWhenItIsToldNoMore() async throws {
    let children = try (0..<3).map { _ in try sleeper() }
    let input = "+ \(children[0])\n+ \(children[1])\n+ \(children[2])\n- \(children[1])\n"
    _ = try await run(Command("sh", ["-c", Watchdog.script], input: Array(input.utf8)))
    // Reaping tells how each ended; the child that was reported as ended is still alive.
    #expect(waitpid(children[1], nil, WNOHANG) == 0)
    kill(children[1], SIGKILL)
    var endings: [Int32] = []
    for child in children {
      var status: Int32 = 0
      waitpid(child, &status, 0)
      endings.append(status & 0x7f)
    }
    #expect(endings == [SIGKILL, SIGKILL, SIGKILL])
  }

  /// The watchdog would keep open an inherited pipe of another child for as long as we live. (Waiting for the pipe to
  /// close would show nothing: children that other tests start meanwhile inherit it, too.)
  @Test func keepsNothingOfOthersOpen() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    let watchdog = try #require(Watchdog.start())
    defer { close(watchdog.socket) }
    let manager = FileManager.default
    let pipe = try manager.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(ends[1])")
    let folder = "/proc/\(watchdog.process)/fd"
    // The shell opens and closes libraries while it starts.
    let open = try manager.contentsOfDirectory(atPath: folder).compactMap {
      try? manager.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
    }
    #expect(open.contains("/dev/null") && !open.contains(pipe))
  }

  /// A process that leads its own group and sleeps for longer than any test takes.
  private func sleeper() throws -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Watchdog.newSession)
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("3600"), nil]
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    try #require(posix_spawnp(&child, "sleep", nil, &attributes, &arguments, environ) == 0)
    return child
  }
}
