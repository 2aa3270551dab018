import Foundation
import Processes
import Support
import Testing

@Suite struct FileUseTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path

  @Test func whatIsUsedStays() throws {
    defer { try? Files.remove(folder) }
    let path = folder + "/lane"
    try Files.makeFolder(path)
    #expect(FileUse.begin(path))
    #expect(try !FileUse.removeUnused(path, to: folder + "/trash"))
    FileUse.end(path)
    #expect(try FileUse.removeUnused(path, to: folder + "/trash"))
    #expect(!Files.exists(path))
  }

  /// A child that was started meanwhile has a copy until it executes its program.
  @Test func itEndsWhereACopyOfItsDescriptorIsOpen() throws {
    defer { try? Files.remove(folder) }
    let path = folder + "/lane"
    try Files.makeFolder(path)
    #expect(FileUse.begin(path))
    let own = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").first {
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path
    }
    let copy = dup(try #require(own.flatMap { Int32($0) }))
    defer { close(copy) }
    FileUse.end(path)
    #expect(try FileUse.removeUnused(path, to: folder + "/trash"))
  }
}
