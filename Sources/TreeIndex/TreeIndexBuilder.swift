import Diagnostics
import FoundationEssentials
import Git
import Glibc
import PatchSeries
import Processes
import Support

/// Builds the index of a tree.
struct TreeIndexBuilder: Sendable {
  /// The repository's path.
  private let path: String
  private let files: [(path: String, id: ObjectID)]
  private let earlier: IndexFile?

  /// - Parameter earlier: an index of another tree; files that both trees have are taken from it.
  init(_ tree: ObjectID, of repository: Repository, earlier: IndexFile?) throws(Failure) {
    path = repository.path
    self.earlier = earlier
    var files: [(path: String, id: ObjectID)] = []
    try repository.walk(tree) { (path, entry) throws(Failure) in
      if entry.mode.isFile, TreeIndex.suffixes.contains(where: path.hasSuffix) { files.append((path, entry.id)) }
    }
    self.files = files
  }

  /// The number of files that a task reads. Parts that are ready before an earlier one stay in memory, so it is small.
  private static let share = 500

  /// The index data of some consecutive files.
  struct Part: Sendable {
    var files: [(id: ObjectID, words: Int, includes: Int, text: Int)] = []
    var words: [UInt32] = []
    /// The hashes of the included paths' last components.
    var includes: [UInt32] = []
    var text: [UInt8] = []

    mutating func append(_ path: String, _ id: ObjectID, words: [UInt32], includes: [Include]) {
      let text = Array(([path] + includes.map(\.stored)).joined(separator: "\n").utf8)
      files.append((id, words.count, includes.count, text.count))
      self.words += words
      self.includes += includes.map(\.hash)
      self.text += text
    }
  }

  /// Writes the index to an open file, part by part: the whole is larger than anything else a run keeps in memory.
  ///
  /// - Throws: `Failure(.unavailable)` if it cannot be written; `Failure(.input)` if an object cannot be read;
  ///   `Failure(.interrupted)`.
  func write(to descriptor: Int32, jobs: Int) async throws(Failure) {
    let known = earlier?.filesByBlob() ?? [:]
    let path = path
    let share = Self.share
    let outcome = await withTaskGroup(of: (Int, Result<Part, Failure>).self) { group in
      var writer = IndexFileWriter(descriptor)
      var (due, waiting) = (0, [Int: Part]())
      var starts = stride(from: 0, to: files.count, by: share).makeIterator()
      func addNext() {
        guard let start = starts.next() else { return }
        let slice = Array(files[start..<min(start + share, files.count)])
        let earlier = earlier
        group.addTask {
          do throws(Failure) {
            // Each task needs a repository of its own.
            let repository = try Repository(opening: path)
            return (start, .success(try Self.part(slice, in: repository, known: known, earlier: earlier)))
          } catch {
            return (start, .failure(error))
          }
        }
      }
      for _ in 0..<max(1, jobs) { addNext() }
      do throws(Failure) {
        for await (start, part) in group {
          waiting[start] = try part.get()
          while let part = waiting.removeValue(forKey: due) {
            try writer.append(part)
            due += share
          }
          addNext()
        }
        try writer.finish()
        return Result<Void, Failure>.success(())
      } catch {
        group.cancelAll()
        return .failure(error)
      }
    }
    try outcome.get()
  }

  private static func part(
    _ files: [(path: String, id: ObjectID)], in repository: Repository, known: [[UInt8]: Int], earlier: IndexFile?
  ) throws(Failure) -> Part {
    var part = Part()
    for (path, id) in files {
      if Task.isCancelled { throw Failure(.interrupted, "interrupted") }
      if let earlier, let file = known[id.bytes] {
        part.append(path, id, words: earlier.words(of: file), includes: earlier.includes(of: file))
        continue
      }
      try repository.withBlob(id) { (bytes) throws(Failure) in
        part.append(path, id, words: FileWords(bytes).hashes.sorted(), includes: Include.all(in: bytes))
      }
    }
    return part
  }
}

/// Writes an `IndexFile`: the words as they come, the rest, about a fifth, at the end.
private struct IndexFileWriter {
  private let descriptor: Int32
  private var records: [UInt8] = []
  private var includes: [UInt32] = []
  private var text: [UInt8] = []
  /// The numbers of files, words, includes and bytes of text.
  private var counts: [UInt32] = [0, 0, 0, 0]

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  mutating func append(_ part: TreeIndexBuilder.Part) throws(Failure) {
    // The header is only known at the end; leave room for it.
    try write(part.words, at: IndexFile.headerSize + 4 * Int(counts[1]))
    includes += part.includes
    text += part.text
    for file in part.files {
      for (index, size) in [1, file.words, file.includes, file.text].enumerated() {
        counts[index] &+= UInt32(truncatingIfNeeded: size)
      }
      records += file.id.bytes
      counts[1...].withUnsafeBytes { records += $0 }
    }
  }

  mutating func finish() throws(Failure) {
    let end = IndexFile.headerSize + 4 * Int(counts[1])
    try write(includes, at: end)
    try write(records, at: end + 4 * includes.count)
    try write(text, at: end + 4 * includes.count + records.count)
    try write(IndexFile.magic + counts.withUnsafeBytes { Array($0) }, at: 0)
    let size = end + 4 * includes.count + records.count + text.count
    guard let seal = Seal.of(file: descriptor, size: size) else {
      throw Failure(.unavailable, "cannot read the index that was written")
    }
    try write(seal, at: size)
  }

  private func write<Value: BitwiseCopyable>(_ values: [Value], at offset: Int) throws(Failure) {
    let isWritten = values.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return true }
      var written = 0
      while written < bytes.count {
        let count = pwrite(descriptor, start + written, bytes.count - written, offset + written)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        written += count
      }
      return true
    }
    guard isWritten else {
      throw Failure(.unavailable, "cannot write an index", notes: [String(cString: strerror(errno))])
    }
  }
}
