public import Diagnostics
import Foundation
import PatchSeries

/// Finds the files of a tree that contain any of some words, and remembers what each directory holds.
///
/// A directory's id stands for everything under it, so a tree that shares directories with one seen before is only
/// read where it differs. The memory is a file; one that is missing, damaged or not writable costs time, nothing else.
public struct WordIndex {
  private let words: [[UInt8]]
  private let suffixes: [String]
  private let memory: String?
  private let shortest: Int
  /// How far a window may move by its last byte; 0 where a word may be at it.
  private let shifts: [Int]

  /// - Parameters:
  ///   - words: what to look for; a hit inside a longer identifier does not count.
  ///   - suffixes: how the names of the files to read end.
  ///   - folder: where to remember; nil for nowhere.
  public init(words: [String], suffixes: [String] = [".c", ".h"], rememberedIn folder: String?) {
    self.words = Set(words).sorted().map { Array($0.utf8) }
    self.suffixes = suffixes
    let shortest = max(1, self.words.map(\.count).min() ?? 1)
    var shifts = [Int](repeating: shortest, count: 256)
    for word in self.words {
      for (index, byte) in word.prefix(shortest).enumerated() {
        shifts[Int(byte)] = min(shifts[Int(byte)], shortest - 1 - index)
      }
    }
    self.shortest = shortest
    self.shifts = shifts
    let key = (Set(words).sorted() + suffixes).joined(separator: "\n")
    let name = (try? ObjectID.blob(of: Array(key.utf8)))?.hex
    memory = folder.flatMap { folder in name.map { "\(folder)/\($0)" } }
  }

  /// The paths of the files under `tree` that contain any of the words, in git's order.
  public func paths(in tree: ObjectID, of repository: Repository) throws(Failure) -> [String] {
    var known = recall()
    let count = known.count
    let found = try paths(in: tree, of: repository, &known)
    if known.count > count { remember(known) }
    return found
  }

  private func paths(
    in tree: ObjectID, of repository: Repository, _ known: inout [String: [String]]
  ) throws(Failure) -> [String] {
    if let paths = known[tree.hex] { return paths }
    var paths: [String] = []
    for entry in try repository.entries(of: tree) {
      switch entry.mode {
      case .directory:
        paths += try self.paths(in: entry.id, of: repository, &known).map { entry.name + "/" + $0 }
      case .regular, .executable:
        guard suffixes.contains(where: entry.name.hasSuffix) else { continue }
        if try repository.withBlob(entry.id, { (bytes) throws(Failure) in contains(bytes) }) {
          paths.append(entry.name)
        }
      default:
        continue
      }
    }
    known[tree.hex] = paths
    return paths
  }

  /// Horspool's search for all words at once: the byte at the window's end says how far the window may move.
  private func contains(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let last = shortest - 1
    var position = 0
    while position + last < bytes.count {
      let shift = shifts[Int(bytes[position + last])]
      if shift == 0 {
        if words.contains(where: { isWord($0, at: position, of: bytes) }) { return true }
        position += 1
      } else {
        position += shift
      }
    }
    return false
  }

  private func isWord(_ word: [UInt8], at position: Int, of bytes: UnsafeRawBufferPointer) -> Bool {
    let end = position + word.count
    guard end <= bytes.count, position == 0 || !isWord(bytes[position - 1]), end == bytes.count || !isWord(bytes[end])
    else { return false }
    return word.indices.allSatisfy { bytes[position + $0] == word[$0] }
  }

  private func isWord(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
      || (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
  }

  // MARK: Memory: a line for each directory: its id and the paths, separated by tabs. The last line says how many.

  /// Directories to remember; a kernel has about 6,200.
  private static let limit = 100_000

  private func recall() -> [String: [String]] {
    guard let memory, let text = try? String(contentsOfFile: memory, encoding: .utf8) else { return [:] }
    var lines = text.split(separator: "\n")
    guard let last = lines.popLast(), last == "end \(lines.count)", lines.count <= Self.limit else { return [:] }
    var known: [String: [String]] = [:]
    known.reserveCapacity(lines.count)
    for line in lines {
      let fields = line.split(separator: "\t")
      guard let id = fields.first, id.utf8.count == 40 else { return [:] }
      known[String(id)] = fields.dropFirst().map(String.init)
    }
    return known
  }

  private func remember(_ known: [String: [String]]) {
    guard let memory else { return }
    let lines = known.sorted { $0.key < $1.key }.map { ([$0.key] + $0.value).joined(separator: "\t") }
    let text = (lines + ["end \(lines.count)"]).joined(separator: "\n") + "\n"
    let folder = (memory as NSString).deletingLastPathComponent
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? Data(text.utf8).write(to: URL(fileURLWithPath: memory), options: .atomic)
  }
}
