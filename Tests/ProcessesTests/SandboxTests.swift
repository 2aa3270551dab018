import Diagnostics
import Foundation
import Processes
import Support
import Testing

@Suite struct SandboxTests {
  /// The outcome of a shell command in a sandbox that can write only the folder `own`.
  private func outcome(_ line: String, in folder: String) async throws -> Outcome {
    var sandbox = try await Sandbox.find()
    sandbox.readable = [folder]
    sandbox.writable = [folder + "/own"]
    sandbox.kept = [folder + "/own/kept"]
    return try await run(Command("sh", ["-c", line], directory: folder + "/own", sandbox: sandbox))
  }

  private func withFolder<T>(_ body: (String) async throws -> T) async throws -> T {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Files.makeFolder(folder + "/own/kept")
    try Files.write("text\n".utf8, to: folder + "/file")
    return try await body(folder)
  }

  @Test func itHasItsName() async throws {
    #expect(try await Sandbox.find().name.wholeMatch(of: #/bubblewrap [0-9.]+/#) != nil)
  }

  @Test func itReadsAndWritesWhatItIsGiven() async throws {
    try await withFolder { folder in
      let outcome = try await outcome("cat ../file; echo new > file; pwd", in: folder)
      #expect(outcome.text == "text\n\(folder)/own\n")
      #expect(Files.read(folder + "/own/file") == Array("new\n".utf8))
    }
  }

  @Test(arguments: [
    "echo x > ../file", "rm ../file", "ln ../file link", "mv kept taken", "ln -s / kept/link", "echo x > /etc/x",
    "echo x > $HOME/x", "mount -o remount,rw /", "mount -t tmpfs none /mnt", "chroot / true",
    "echo x > /proc/sys/kernel/hostname", "cat /proc/sys/vm/swappiness > /proc/sys/vm/swappiness",
    "unshare -Urm mount -o remount,bind,rw /", "kill -0 $OUTSIDE", "ls /run | grep .",
  ])
  func itCannot(line: String) async throws {
    try await withFolder { folder in
      let outcome = try await outcome("OUTSIDE=\(getpid()); \(line)", in: folder)
      #expect(!outcome.succeeded, "\(outcome.text)")
      #expect(Files.read(folder + "/file") == Array("text\n".utf8))
      #expect(Files.names(in: folder) == ["file", "own"])
      #expect(Files.names(in: folder + "/own") == ["kept"])
    }
  }

  @Test func itHasNoNetworkButItsOwn() async throws {
    try await withFolder { folder in
      let outcome = try await outcome("cat /proc/net/dev", in: folder)
      let interfaces = outcome.text.split(separator: "\n").dropFirst(2).map { $0.split(separator: ":")[0] }
      #expect(interfaces.map { $0.drop { $0 == " " } } == ["lo"])
    }
  }

  @Test func itSeesNothingOfTemporaryFolders() async throws {
    try await withFolder { folder in
      // The sandbox hides /tmp itself, wherever this run has its temporary folder.
      let other = "/tmp/seriesmith-\(UUID().uuidString)"
      try Files.write("secret\n".utf8, to: other)
      defer { try? FileManager.default.removeItem(atPath: other) }
      #expect(try await outcome("cat \(other)", in: folder).succeeded == false)
      #expect(try await outcome("echo x > $TMPDIR/x; cat /tmp/x", in: folder).text == "x\n")
    }
  }

  @Test func howItEndsIsHowTheCommandEnds() async throws {
    try await withFolder { folder in
      let endings = [try await outcome("exit 3", in: folder), try await outcome("kill -9 $$", in: folder)]
      #expect(endings.map(\.termination) == [.exited(3), .signalled(9)])
    }
    let sandbox = try await Sandbox.find()
    let failure = await #expect(throws: Failure.self) { try await run(Command("no-such-tool", sandbox: sandbox)) }
    #expect(failure?.findings.first?.message.contains("no-such-tool") == true)
  }

  @Test func nothingOfItIsLeft() async throws {
    try await withFolder { folder in
      let name = "4\(UInt32.random(in: 1_000_000...9_999_999))"
      // Processes that it leaves behind, or that leave its session, end with it.
      let line = "setsid sleep \(name) & sleep \(name) & sleep 0.2"
      #expect(try await outcome(line, in: folder).succeeded)
      #expect(try await run(Command("pgrep", ["-f", "sleep \(name)"])).text == "")
      let task = Task { try await outcome("setsid sleep \(name) & sleep \(name)", in: folder) }
      while try await run(Command("pgrep", ["-fx", "sleep \(name)"])).text.split(separator: "\n").count < 2 {
        try await Task.sleep(for: .milliseconds(20))
      }
      task.cancel()
      _ = await task.result
      #expect(try await run(Command("pgrep", ["-f", "sleep \(name)"])).text == "")
    }
  }
}
