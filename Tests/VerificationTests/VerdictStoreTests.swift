import Foundation
import Support
import Testing

@testable import Verification

@Suite struct VerdictStoreTests {
  private let store = VerdictStore(
    directory: FileManager.default.temporaryDirectory.appendingPathComponent("verdicts-\(UUID().uuidString)").path,
    temporary: FileManager.default.temporaryDirectory.path)

  private func files() -> [String] {
    let names = FileManager.default.enumerator(atPath: store.directory)?.allObjects as? [String] ?? []
    return names.filter { Files.isFolder("\(store.directory)/\($0)") == false }.map { "\(store.directory)/\($0)" }
  }

  @Test func keepsAndReplaces() throws {
    defer { try? FileManager.default.removeItem(atPath: store.directory) }
    let key = VerdictKey(["a", "b"])
    #expect(store.read(key) == nil)
    try store.write([1, 2, 3], key)
    try store.write([], VerdictKey(["a"]))
    #expect(store.read(key) == [1, 2, 3])
    #expect(store.read(VerdictKey(["a"])) == [])
    try store.write([4], key)
    #expect(store.read(key) == [4])
    // Nothing temporary is left.
    #expect(files().count == 2)
  }

  @Test func theOldestGoWhereItOutgrowsItsLimit() throws {
    defer { try? FileManager.default.removeItem(atPath: store.directory) }
    for index in 0..<10 {
      try store.write([UInt8(index)], VerdictKey(["\(index)"]))
      let file = try #require(files().max { modified($0) < modified($1) })
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: Double(1000 + index))], ofItemAtPath: file)
    }
    // An entry takes up a block of 4 KiB.
    #expect(VerdictStore.prune(store.directory, to: 10 * 4096) == 0)
    #expect(VerdictStore.prune(store.directory, to: 6 * 4096) == 5 * 4096)
    #expect((0..<10).map { store.read(VerdictKey(["\($0)"])) != nil } == (0..<10).map { $0 >= 5 })
  }

  @Test func whatWasReadLastIsPrunedLast() throws {
    defer { try? FileManager.default.removeItem(atPath: store.directory) }
    for index in 0..<4 { try store.write([UInt8(index)], VerdictKey(["\(index)"])) }
    for file in files() {
      try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1000)], ofItemAtPath: file)
    }
    #expect(store.read(VerdictKey(["2"])) == [2])
    #expect(VerdictStore.prune(store.directory, to: 2 * 4096) == 3 * 4096)
    #expect(store.read(VerdictKey(["2"])) == [2])
  }

  private func modified(_ path: String) -> Date {
    (try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date) ?? .distantPast
  }

  @Test func aDamagedEntryIsAMiss() throws {
    defer { try? FileManager.default.removeItem(atPath: store.directory) }
    let key = VerdictKey(["a"])
    try store.write(Array("a verdict of some length".utf8), key)
    let file = try #require(files().first)
    let whole = try Data(contentsOf: URL(fileURLWithPath: file))
    for count in [0, 10, 63, 64, whole.count - 1] {
      try whole.prefix(count).write(to: URL(fileURLWithPath: file))
      #expect(store.read(key) == nil, "\(count) bytes")
    }
  }

  @Test func noTwoListsShareAKey() {
    let lists = [["a", "b"], ["ab"], ["a", "b", ""], ["", "a", "b"], ["b", "a"]]
    #expect(Set(lists.map { VerdictKey($0) }).count == lists.count)
    #expect(VerdictKey(["a"]).digest.count == 64)
  }
}
