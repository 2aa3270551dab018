import Diagnostics
import Foundation
import Support
import Testing

@testable import SeriesAssembly

@Suite struct PatchFolderTests {
  private let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "patches-\(UUID().uuidString)").path
    try Files.makeFolder(path)
  }

  /// A patch as Seriesmith writes it.
  private static func patch(_ subject: String) -> [UInt8] {
    Array("\(subject)\n-- \n\(PatchFolder.signature)\n\n".utf8)
  }

  private func replace(_ texts: [(name: String, bytes: [UInt8])]) async throws {
    try await PatchFolder(path: path).replace(with: texts)
  }

  @Test func holdsTheNewSeriesAndNoOther() async throws {
    defer { try? Files.remove(path) }
    try await replace([("0001-a.patch", Self.patch("a")), ("0002-b.patch", Self.patch("b"))])
    try Files.write("mine".utf8, to: path + "/notes")
    try await replace([("0001-c.patch", Self.patch("c")), ("0002-b.patch", Self.patch("b again"))])
    #expect(Files.names(in: path) == ["0001-c.patch", "0002-b.patch", "notes"])
    #expect(Files.read(path + "/0002-b.patch") == Self.patch("b again"))
  }

  @Test(arguments: ["0001-mine.patch", AcceptedFindings.name])
  func keepsWhatSeriesmithDidNotWrite(name: String) async throws {
    defer { try? Files.remove(path) }
    try await replace([("0001-a.patch", Self.patch("a"))])
    try Files.write("mine\n".utf8, to: "\(path)/\(name)")
    let failure = await #expect(throws: Failure.self) { try await replace([("0001-b.patch", Self.patch("b"))]) }
    #expect(failure?.status == .input)
    #expect(failure?.findings.first?.place?.file == "\(path)/\(name)")
    #expect(Files.read("\(path)/\(name)") == Array("mine\n".utf8))
    #expect(Files.read(path + "/0001-a.patch") == Self.patch("a"))
    #expect(!Files.exists(path + "/0001-b.patch"))
  }

  /// A run killed during the renames leaves its folder of new patches behind.
  @Test func clearsAwayWhatAKilledRunLeft() async throws {
    defer { try? Files.remove(path) }
    try Files.makeFolder(path + "/.seriesmith.written")
    try Files.write("old".utf8, to: path + "/.seriesmith.written/0001-old.patch")
    try await replace([("0001-a.patch", Self.patch("a"))])
    #expect(Files.names(in: path) == ["0001-a.patch"])
  }
}
