import CLibgit2
import Diagnostics
import PatchSeries

/// A directory's names in git's order, with the bytes of a name untouched.
struct TreeObject {
  struct Entry {
    var name: [UInt8]
    var id: ObjectID
    var mode: FileMode

    /// Git sorts a directory as if its name ended in a slash.
    func precedes(_ other: Entry) -> Bool {
      var left = name.makeIterator()
      var right = other.name.makeIterator()
      var leftEnded = false
      var rightEnded = false
      while true {
        let one = left.next() ?? Self.end(mode, &leftEnded)
        let two = right.next() ?? Self.end(other.mode, &rightEnded)
        guard let two else { return false }
        guard let one else { return true }
        if one != two { return one < two }
      }
    }

    private static func end(_ mode: FileMode, _ ended: inout Bool) -> UInt8? {
      if ended || mode != .directory { return nil }
      ended = true
      return 0x2F
    }
  }

  var entries: [Entry]

  init(entries: [Entry]) {
    self.entries = entries.sorted { $0.precedes($1) }
  }

  /// All entries; nil if they are damaged, or name what git would not write.
  init?(_ bytes: UnsafeRawBufferPointer) {
    entries = []
    entries.reserveCapacity(bytes.count / 36)
    var records = TreeRecords(bytes)
    while let record = records.next() {
      let name = Array(bytes[record.name])
      guard TreePath.isName(name) else { return nil }
      entries.append(Entry(name: name, id: record.id, mode: record.mode))
    }
    if records.isDamaged { return nil }
  }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for entry in entries {
      bytes += String(entry.mode.rawValue, radix: 8).utf8
      bytes.append(0x20)
      bytes += entry.name
      bytes.append(0)
      bytes += entry.id.bytes
    }
    return bytes
  }
}

/// Git's `<octal mode> <name>\0<20 bytes>` records, one after the other.
private struct TreeRecords {
  struct Record {
    var mode: FileMode
    /// Where the name stands.
    var name: Range<Int>
    var id: ObjectID
  }

  private let bytes: UnsafeRawBufferPointer
  private var at = 0
  /// Whether what follows the last record is none.
  private(set) var isDamaged = false

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  mutating func next() -> Record? {
    guard at < bytes.count else { return nil }
    isDamaged = true
    var number: Int32 = 0
    while at < bytes.count, bytes[at] != 0x20 {
      guard (0x30...0x37).contains(bytes[at]), number < 1 << 20 else { return nil }
      number = number << 3 | Int32(bytes[at] - 0x30)
      at += 1
    }
    at += 1
    let start = at
    while at < bytes.count, bytes[at] != 0 { at += 1 }
    guard at + 21 <= bytes.count, let mode = FileMode(stored: number) else { return nil }
    let id = ObjectID(UnsafeRawBufferPointer(rebasing: bytes[(at + 1)...]))
    defer { at += 21 }
    isDamaged = false
    return Record(mode: mode, name: start..<at, id: id)
  }
}

extension Repository {
  func treeObject(_ id: ObjectID) throws(Failure) -> TreeObject {
    if let known = trees[id] { return known }
    let tree = try withObject(id, of: GIT_OBJECT_TREE) { (bytes) throws(Failure) in
      guard let tree = TreeObject(bytes) else { throw damaged(id) }
      return tree
    }
    if trees.count == Self.mostTrees { trees = [:] }
    trees[id] = tree
    return tree
  }

  /// What a tree has under a name, without a look at what comes after it.
  func entry(named name: some Collection<UInt8>, in tree: ObjectID) throws(Failure) -> (id: ObjectID, mode: FileMode)? {
    guard TreePath.isName(Array(name)) else { return nil }
    return try withObject(tree, of: GIT_OBJECT_TREE) { (bytes) throws(Failure) in
      var records = TreeRecords(bytes)
      while let record = records.next() {
        if record.name.count == name.count, bytes[record.name].elementsEqual(name) { return (record.id, record.mode) }
      }
      if records.isDamaged { throw damaged(tree) }
      return nil
    }
  }

  private func damaged(_ tree: ObjectID) -> Failure {
    Failure(.input, "tree \(tree) of '\(path)' is damaged", notes: ["`git fsck` says what is wrong with it"])
  }
}
