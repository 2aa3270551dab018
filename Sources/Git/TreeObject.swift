import CLibgit2
import Diagnostics
import Glibc
import PatchSeries

/// A directory as git stores it: records of `<octal mode> <name>\0<20 bytes>`, one after the other, in git's order.
struct TreeObject {
  /// A record: where it stands, and what it says.
  struct Entry {
    fileprivate var start: Int
    fileprivate var name: Range<Int>
    let id: ObjectID
    let mode: FileMode

    fileprivate var end: Int { name.upperBound + 1 + 20 }

    fileprivate mutating func move(by distance: Int) {
      start += distance
      name = name.lowerBound + distance..<name.upperBound + distance
    }
  }

  private(set) var bytes: [UInt8]
  private(set) var entries: [Entry] = []

  /// An empty directory.
  init() { bytes = [] }

  /// All entries; nil if they are damaged, or name what git would not write.
  init?(_ bytes: [UInt8]) {
    self.bytes = bytes
    // A kernel's names have some twelve letters.
    entries.reserveCapacity(bytes.count / 36)
    var at = 0
    while at < bytes.count {
      guard let entry = bytes.withUnsafeBytes({ Self.entry(at, in: $0) }), TreePath.isName(bytes[entry.name]) else {
        return nil
      }
      entries.append(entry)
      at = entry.end
    }
  }

  /// The record that starts at an offset, nil if none does.
  private static func entry(_ start: Int, in bytes: UnsafeRawBufferPointer) -> Entry? {
    var at = start
    var number: Int32 = 0
    while at < bytes.count, bytes[at] != 0x20 {
      guard (0x30...0x37).contains(bytes[at]), number < 1 << 20 else { return nil }
      number = number << 3 | Int32(bytes[at] - 0x30)
      at += 1
    }
    let name = at + 1
    at = name
    while at < bytes.count, bytes[at] != 0 { at += 1 }
    guard at + 21 <= bytes.count, let mode = FileMode(stored: number) else { return nil }
    let id = ObjectID(UnsafeRawBufferPointer(rebasing: bytes[(at + 1)...]))
    return Entry(start: start, name: name..<at, id: id, mode: mode)
  }

  func name(of entry: Entry) -> ArraySlice<UInt8> { bytes[entry.name] }

  /// What stands under a name. Setting it leaves the bytes of all other records as they were.
  subscript(name: some Collection<UInt8>) -> (id: ObjectID, mode: FileMode)? {
    get { index(of: Array(name)).map { (entries[$0].id, entries[$0].mode) } }
    set {
      let name = Array(name)
      if let index = index(of: name) { splice(index..<index + 1, [], []) }
      guard let (id, mode) = newValue else { return }
      let octal = Array("\(String(mode.rawValue, radix: 8)) ".utf8)
      let record = TreeObject(record: octal + name + [0] + id.bytes, name: octal.count, id, mode)
      let index = entries.firstIndex { record.order(record.entries[0], self, $0) < 0 } ?? entries.count
      splice(index..<index, record.entries, record.bytes)
    }
  }

  /// Only this record.
  private init(record: [UInt8], name: Int, _ id: ObjectID, _ mode: FileMode) {
    bytes = record
    entries = [Entry(start: 0, name: name..<record.count - 21, id: id, mode: mode)]
  }

  private func index(of name: [UInt8]) -> Int? {
    entries.firstIndex { $0.name.count == name.count && bytes[$0.name].elementsEqual(name) }
  }

  private mutating func splice(_ range: Range<Int>, _ new: [Entry], _ record: [UInt8]) {
    let start = range.lowerBound < entries.count ? entries[range.lowerBound].start : bytes.count
    let end = range.isEmpty ? start : entries[range.upperBound - 1].end
    bytes.replaceSubrange(start..<end, with: record)
    entries.replaceSubrange(range, with: new)
    for index in range.lowerBound..<range.lowerBound + new.count { entries[index].move(by: start) }
    for index in range.lowerBound + new.count..<entries.count { entries[index].move(by: record.count - (end - start)) }
  }

  /// Below 0 where an entry stands before one of another tree, above 0 where it stands after it (`base_name_compare` in
  /// git's read-cache.c): a directory is sorted as if its name ended in a slash.
  func order(_ entry: Entry, _ other: TreeObject, _ theirs: Entry) -> Int {
    let common = min(entry.name.count, theirs.name.count)
    let (ours, others) = (bytes[entry.name].prefix(common), other.bytes[theirs.name].prefix(common))
    let order = ours.withUnsafeBytes { ours in
      others.withUnsafeBytes { others in
        ours.baseAddress.flatMap { ours in others.baseAddress.map { memcmp(ours, $0, common) } } ?? 0
      }
    }
    if order != 0 { return Int(order) }
    return Int(next(after: common, of: entry)) - Int(other.next(after: common, of: theirs))
  }

  /// How many entries two trees begin with that are the same.
  func entriesInCommon(with other: TreeObject) -> Int {
    let most = min(bytes.count, other.bytes.count)
    let common = bytes.withUnsafeBytes { ours in
      other.bytes.withUnsafeBytes { theirs in
        guard let ours = ours.baseAddress, let theirs = theirs.baseAddress else { return 0 }
        // In blocks, which memcmp compares faster than a loop finds the first byte that differs.
        return stride(from: 0, to: most, by: 256).first { memcmp(ours + $0, theirs + $0, min(256, most - $0)) != 0 }
          ?? most
      }
    }
    return entries.firstIndex { $0.end > common } ?? entries.count
  }

  private func next(after count: Int, of entry: Entry) -> UInt8 {
    count < entry.name.count ? bytes[entry.name.lowerBound + count] : entry.mode == .directory ? 0x2F : 0
  }
}

extension Repository {
  func treeObject(_ id: ObjectID) throws(Failure) -> TreeObject {
    if let known = trees[id] { return known }
    let bytes = try withObject(id, of: GIT_OBJECT_TREE) { Array($0) }
    guard let tree = TreeObject(bytes) else {
      throw Failure(
        .input, "tree \(id) of '\(path)' is damaged", notes: ["`git fsck` says what is wrong with it"])
    }
    keep(tree, as: id)
    return tree
  }

  func keep(_ tree: TreeObject, as id: ObjectID) {
    if trees.count == Self.mostTrees { trees = [:] }
    trees[id] = tree
  }
}
