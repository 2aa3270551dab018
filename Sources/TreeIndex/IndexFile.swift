import FoundationEssentials
import Glibc
import Processes
import Support

/// The format of an index on disk, in the machine's byte order.
///
/// An index consists of a header, the hashes of words, the hashes of included files' last components, one record per
/// file (its blob's id and the ends of its words, includes and text), the text (for each file its path and its
/// includes, one per line), and a seal.
struct IndexFile: Sendable {
  private let data: Data
  /// Whether `data` is a mapped file, whose pages can be released.
  private let isMapped: Bool
  let fileCount: Int
  private let wordCount: Int
  private let includeCount: Int

  static let magic = Array("ssindex4".utf8)
  static let headerSize = 24
  static let recordSize = 32
  private static let idSize = 20

  /// - Returns: nil if the file is missing, incomplete or damaged.
  init?(contentsOf path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    self.init(mapping: descriptor)
  }

  /// Maps an open file, whose descriptor may be closed afterwards.
  ///
  /// - Returns: nil if the file is incomplete or damaged.
  init?(mapping descriptor: Int32) {
    guard let size = Seal.openedSize(of: descriptor), size > 0,
      let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
    else { return nil }
    self.init(Data(bytesNoCopy: start, count: size, deallocator: .unmap), isMapped: true)
  }

  init?(_ data: Data, isMapped: Bool = false) {
    guard data.count >= Self.headerSize, data.prefix(8).elementsEqual(Self.magic) else { return nil }
    let counts = data.withUnsafeBytes { bytes in
      (0..<4).map { Int(bytes.loadUnaligned(fromByteOffset: 8 + 4 * $0, as: UInt32.self)) }
    }
    (fileCount, wordCount, includeCount) = (counts[0], counts[1], counts[2])
    self.data = data
    self.isMapped = isMapped
    let size = Self.headerSize + Self.recordSize * fileCount + 4 * (wordCount + includeCount) + counts[3]
    guard data.count == size, endsRise(textSize: counts[3]) else { return nil }
  }

  /// Whether the files' ends never decrease and the last ones match the sections' sizes, so that every range taken from
  /// them is valid.
  private func endsRise(textSize: Int) -> Bool {
    let limits = [wordCount, includeCount, textSize]
    return data.withUnsafeBytes { bytes in
      (0..<3).allSatisfy { part in
        var last = 0
        for file in 0..<fileCount {
          let next = end(bytes, file, part)
          if next < last { return false }
          last = next
        }
        return last == (fileCount == 0 ? 0 : limits[part]) && (fileCount > 0 || limits[part] == 0)
      }
    }
  }

  enum Section: Int {
    case words, includes
    fileprivate static let text = 2
  }

  /// Every occurrence of `hashes` in a section, in file order.
  func occurrences(of hashes: Set<UInt32>, in section: Section) -> [(file: Int, hash: UInt32)] {
    guard !hashes.isEmpty else { return [] }
    // A filter by the low 16 bits rejects nearly every hash without a look-up in the set.
    var filter = [Bool](repeating: false, count: 1 << 16)
    for hash in hashes { filter[Int(hash & 0xffff)] = true }
    var found: [(file: Int, hash: UInt32)] = []
    data.withUnsafeBytes { bytes in
      filter.withUnsafeBufferPointer { filter in
        let base = start(of: section)
        var (position, kept) = (0, 0)
        for file in 0..<fileCount {
          let end = self.end(bytes, file, section.rawValue)
          if position &- kept > Self.stretch {
            giveBack(bytes, (base &+ kept &* 4)..<(base &+ position &* 4))
            kept = position
          }
          while position < end {
            let hash = bytes.loadUnaligned(fromByteOffset: base &+ position &* 4, as: UInt32.self)
            if filter[Int(hash & 0xffff)], hashes.contains(hash) { found.append((file, hash)) }
            position &+= 1
          }
        }
      }
    }
    return found
  }

  /// The number of hashes to read before their pages are released: a kernel's hashes are 100 MB.
  private static let stretch = 1 << 20

  /// Releases the pages that lie wholly in a range. They stay in the page cache while there is room.
  private func giveBack(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    let page = Int(getpagesize())
    let start = (range.lowerBound + page - 1) / page * page
    guard isMapped, let base = bytes.baseAddress, start < range.upperBound else { return }
    madvise(UnsafeMutableRawPointer(mutating: base + start), (range.upperBound - start) / page * page, MADV_DONTNEED)
  }

  private func start(of section: Section) -> Int {
    Self.headerSize + (section == .words ? 0 : 4 * wordCount)
  }

  private var records: Int { Self.headerSize + 4 * (wordCount + includeCount) }

  /// The path of every file, in order.
  func paths() -> [String] {
    data.withUnsafeBytes { bytes in
      (0..<fileCount).map { String(decoding: text(bytes, $0).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self) }
    }
  }

  /// What a file includes.
  func includes(of file: Int) -> [Include] {
    data.withUnsafeBytes { bytes in
      text(bytes, file).split(separator: UInt8(ascii: "\n")).dropFirst().map(Include.init(stored:))
    }
  }

  /// A file's text: its path, then its includes.
  private func text(_ bytes: UnsafeRawBufferPointer, _ file: Int) -> UnsafeRawBufferPointer {
    let base = records + Self.recordSize * fileCount
    let range = range(bytes, file, Section.text)
    return UnsafeRawBufferPointer(rebasing: bytes[(base + range.lowerBound)..<(base + range.upperBound)])
  }

  /// The numbers of the files, by their blobs' ids.
  func filesByBlob() -> [[UInt8]: Int] {
    data.withUnsafeBytes { bytes in
      var result: [[UInt8]: Int] = [:]
      result.reserveCapacity(fileCount)
      for file in 0..<fileCount {
        let start = records + Self.recordSize * file
        result[Array(bytes[start..<(start + Self.idSize)])] = file
      }
      return result
    }
  }

  /// The hashes of a file's words.
  func words(of file: Int) -> [UInt32] {
    data.withUnsafeBytes { bytes in
      let base = start(of: .words)
      return range(bytes, file, Section.words.rawValue).map {
        bytes.loadUnaligned(fromByteOffset: base + 4 * $0, as: UInt32.self)
      }
    }
  }

  private func range(_ bytes: UnsafeRawBufferPointer, _ file: Int, _ part: Int) -> Range<Int> {
    (file == 0 ? 0 : end(bytes, file - 1, part))..<end(bytes, file, part)
  }

  @inline(__always)
  private func end(_ bytes: UnsafeRawBufferPointer, _ file: Int, _ part: Int) -> Int {
    let offset = records &+ Self.recordSize &* file &+ Self.idSize &+ 4 &* part
    return Int(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
}
