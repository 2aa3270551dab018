import Foundation
import Support
import Testing

@testable import Processes

@Suite struct FolderRecordTests {
  /// A folder with two files and a link, removed with the value.
  private final class Folder {
    let path = NSTemporaryDirectory() + "record-\(UUID().uuidString)"
    var file: String { path + "/record" }

    init() throws {
      try Files.makeFolder(path + "/files/deep")
      try Files.write("one".utf8, to: path + "/files/deep/one")
      try Files.write("two".utf8, to: path + "/files/two")
      try FileManager.default.createSymbolicLink(atPath: path + "/files/link", withDestinationPath: "two")
    }

    deinit { try? Files.remove(path) }

    func other(than record: FolderRecord?) -> [String]? {
      record?.changed(in: path + "/files")
    }
  }

  private static let names = ["deep/one", "link", "two"]

  @Test(arguments: [FolderRecord.Trait.time, .contents]) func noticesWhatIsOtherwise(_ trait: FolderRecord.Trait) throws
  {
    let folder = try Folder()
    let names = Self.names.filter { trait == .time || $0 != "link" }
    try FolderRecord(of: folder.path + "/files", names, by: trait).write(to: folder.file)
    #expect(folder.other(than: FolderRecord(contentsOf: folder.file)) == [])
    try Files.write("new".utf8, to: folder.path + "/files/new")
    #expect(folder.other(than: FolderRecord(contentsOf: folder.file)) == [])
    try Files.write("tw".utf8, to: folder.path + "/files/two")
    #expect(folder.other(than: FolderRecord(contentsOf: folder.file)) == ["two"])
    try Files.remove(folder.path + "/files/deep")
    #expect(folder.other(than: FolderRecord(contentsOf: folder.file)) == ["deep/one", "two"])
  }

  /// The time matters to the trait `time` only.
  @Test func eachGoesByItsTrait() throws {
    let folder = try Folder()
    let records = [FolderRecord.Trait.time, .contents].map {
      FolderRecord(of: folder.path + "/files", ["two"], by: $0)
    }
    let two = folder.path + "/files/two"
    let time = try #require(FileManager.default.attributesOfItem(atPath: two)[.modificationDate] as? Date)
    try FileManager.default.setAttributes([.modificationDate: time + 60], ofItemAtPath: two)
    #expect(records.map { folder.other(than: $0) } == [["two"], []])
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: two)
    #expect(records.map { folder.other(than: $0) } == [["two"], ["two"]])
  }

  @Test func aDamagedRecordIsNone() throws {
    let folder = try Folder()
    try FolderRecord(ofAllIn: folder.path + "/files", by: .contents).write(to: folder.file)
    let whole = try #require(Files.read(folder.file))
    #expect(FolderRecord(contentsOf: folder.file) != nil)
    for index in whole.indices {
      var bytes = whole
      bytes[index] ^= 4
      try Files.write(bytes, to: folder.file)
      #expect(FolderRecord(contentsOf: folder.file) == nil)
      try Files.write(whole[..<index], to: folder.file)
      #expect(FolderRecord(contentsOf: folder.file) == nil)
    }
  }
}
