import Foundation
import Testing

/// What a bad disk, a full disk or a power cut does to a file.
enum Damage: CaseIterable {
  case bit, cut, emptied, gone

  /// Damages a non-empty file.
  ///
  /// - Parameter silently: whether the file keeps its time, as when a disk flips a bit.
  func befall(_ path: String, silently: Bool, using random: inout SeededRandom) throws {
    let manager = FileManager.default
    let time = try manager.attributesOfItem(atPath: path)[.modificationDate] ?? Date()
    var bytes = try #require(manager.contents(atPath: path))
    switch self {
    case .bit: bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case .cut: bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
    case .emptied: bytes = Data()
    case .gone: return try manager.removeItem(atPath: path)
    }
    // Write in place: a new file of this name would have another inode.
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.truncate(atOffset: 0)
    try file.write(contentsOf: bytes)
    try file.close()
    if silently { try manager.setAttributes([.modificationDate: time], ofItemAtPath: path) }
  }

  /// The non-empty files of a folder, sorted.
  static func files(in folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).sorted().map { "\(folder)/\($0)" }.filter { path in
      var status = stat()
      return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_size > 0
    }
  }
}
