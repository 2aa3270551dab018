import Foundation
import Processes
import Testing

@Suite struct ReadWatchTests {
  @Test func namesWhatIsOpenedByAnyProcess() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["read", "left", "listed"] {
      try name.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
    }
    let watch = ReadWatch(["read", "left", "listed", "absent"], in: folder)
    #expect(watch.openedPaths() == [])
    _ = try await run(Command("sh", ["-c", "cat read; ls -l listed; stat left"], directory: folder))
    #expect(watch.openedPaths() == ["read"])
  }
}
