import Foundation
import Processes
import Support
import Testing

@testable import Proving

@Suite struct CpioArchiveTests {
  @Test func anotherProgramUnpacksIt() async throws {
    let folder = NSTemporaryDirectory() + "cpio-\(UUID().uuidString)"
    try Files.makeFolder(folder)
    defer { try? Files.remove(folder) }
    var archive = CpioArchive()
    archive.add(folder: "dev")
    // Lengths that need padding, and one that needs none.
    archive.add("init", program: Array("#!/bin/sh\necho hello\n".utf8))
    archive.add("abc", program: Array("1234".utf8))
    archive.add("empty", program: [])
    let outcome = try await run(
      Command("cpio", ["--extract", "--quiet"], directory: folder, input: archive.finished()))
    #expect(outcome.succeeded, "\(outcome.errorText)")
    #expect(Files.names(in: folder) == ["abc", "dev", "empty", "init"])
    #expect(Files.names(in: folder + "/dev") == [])
    #expect(Files.read(folder + "/abc") == Array("1234".utf8))
    #expect(try await run(Command(folder + "/init")).text == "hello\n")
  }
}
