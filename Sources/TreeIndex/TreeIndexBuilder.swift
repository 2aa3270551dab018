import Diagnostics
import FoundationEssentials
import Git
import PatchSeries

/// Reads the files of a tree into an index.
struct TreeIndexBuilder: Sendable {
  /// The repository's path.
  private let path: String
  private let files: [(path: String, id: ObjectID)]
  private let earlier: Layout?

  /// - Parameter earlier: an index of some other tree, from which files are taken that it has too.
  init(_ tree: ObjectID, of repository: Repository, earlier: Layout?) throws(Failure) {
    path = repository.path
    self.earlier = earlier
    var files: [(path: String, id: ObjectID)] = []
    try repository.walk(tree) { (path, entry) throws(Failure) in
      if entry.mode.isFile, TreeIndex.suffixes.contains(where: path.hasSuffix) { files.append((path, entry.id)) }
    }
    self.files = files
  }

  /// What the index keeps of a file.
  struct Entry: Sendable {
    var path: String
    var id: [UInt8]
    var words: [UInt32]
    var includes: [Include]
  }

  func build(jobs: Int) async throws(Failure) -> Data {
    let known = earlier?.filesByBlob() ?? [:]
    let path = path
    let share = max(500, files.count / max(1, jobs * 8) + 1)
    let outcome = await withTaskGroup(of: (Int, Result<[Entry], Failure>).self) { group in
      var parts: [Int: [Entry]] = [:]
      var starts = stride(from: 0, to: files.count, by: share).makeIterator()
      func addNext() {
        guard let start = starts.next() else { return }
        let slice = Array(files[start..<min(start + share, files.count)])
        let earlier = earlier
        group.addTask {
          do throws(Failure) {
            // A repository belongs to one task.
            let repository = try Repository(opening: path)
            return (start, .success(try Self.entries(slice, in: repository, known: known, earlier: earlier)))
          } catch {
            return (start, .failure(error))
          }
        }
      }
      for _ in 0..<max(1, jobs) { addNext() }
      for await (start, result) in group {
        switch result {
        case .success(let entries): parts[start] = entries
        case .failure(let failure):
          group.cancelAll()
          return Result<[Entry], Failure>.failure(failure)
        }
        addNext()
      }
      return .success(parts.sorted { $0.key < $1.key }.flatMap(\.value))
    }
    return Self.data(try outcome.get())
  }

  private static func entries(
    _ files: [(path: String, id: ObjectID)], in repository: Repository, known: [[UInt8]: Int], earlier: Layout?
  ) throws(Failure) -> [Entry] {
    var scanner = WordScanner()
    var entries: [Entry] = []
    for (path, id) in files {
      if Task.isCancelled { throw Failure(.interrupted, "interrupted") }
      if let earlier, let file = known[id.bytes] {
        let (words, includes) = (earlier.words(of: file), earlier.includes(of: file))
        entries.append(Entry(path: path, id: id.bytes, words: words, includes: includes))
        continue
      }
      entries.append(
        try repository.withBlob(id) { (bytes) throws(Failure) in
          Entry(path: path, id: id.bytes, words: scanner.words(in: bytes), includes: Include.all(in: bytes))
        })
    }
    return entries
  }

  private static func data(_ entries: [Entry]) -> Data {
    let texts = entries.map { Array(([$0.path] + $0.includes.map(\.stored)).joined(separator: "\n").utf8) }
    let counts = [entries.count, entries.sum(\.words.count), entries.sum(\.includes.count), texts.sum(\.count)]
    var data = Data(Layout.magic)
    data.reserveCapacity(Layout.headerSize + Layout.recordSize * counts[0] + 4 * (counts[1] + counts[2]) + counts[3])
    func append(_ numbers: some Sequence<UInt32>) {
      Array(numbers).withUnsafeBytes { data.append(contentsOf: $0) }
    }
    append(counts.map { UInt32(clamping: $0) })
    var ends: [UInt32] = [0, 0, 0]
    for (entry, text) in zip(entries, texts) {
      data.append(contentsOf: entry.id)
      ends[0] &+= UInt32(truncatingIfNeeded: entry.words.count)
      ends[1] &+= UInt32(truncatingIfNeeded: entry.includes.count)
      ends[2] &+= UInt32(truncatingIfNeeded: text.count)
      append(ends)
    }
    for entry in entries { append(entry.words) }
    for entry in entries { append(entry.includes.map(\.hash)) }
    for text in texts { data.append(contentsOf: text) }
    return data
  }
}

extension Array {
  fileprivate func sum(_ value: (Element) -> Int) -> Int { reduce(0) { $0 + value($1) } }
}
