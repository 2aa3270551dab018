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

  /// Parses git's `<octal mode> <name>\0<20 bytes>` records; nil if they are damaged, or name what git would not write.
  init?(_ bytes: UnsafeRawBufferPointer) {
    entries = []
    entries.reserveCapacity(bytes.count / 36)
    var at = 0
    while at < bytes.count {
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
      let name = Array(bytes[start..<at])
      guard TreePath.isName(name) else { return nil }
      entries.append(Entry(name: name, id: id, mode: mode))
      at += 21
    }
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

extension Repository {
  func treeObject(_ id: ObjectID) throws(Failure) -> TreeObject {
    try withObject(id, of: GIT_OBJECT_TREE) { (bytes) throws(Failure) in
      guard let tree = TreeObject(bytes) else {
        throw Failure(.input, "tree \(id) of '\(path)' is damaged", notes: ["`git fsck` says what is wrong with it"])
      }
      return tree
    }
  }
}
