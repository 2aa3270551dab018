public import Diagnostics
import FoundationEssentials
public import Git
import Glibc
import Processes
import Support

/// An index of which C files of a tree contain a word, and what each file includes.
///
/// A tree is read once, in a few seconds, into a file (some 140 MB for a kernel) that later runs map into memory, so a
/// question takes milliseconds. Files that the most recently used index also has are taken from it, not read again.
public struct TreeIndex: Sendable {
  let indexFile: IndexFile
  /// The path of each file, in git's order.
  public let paths: [String]
  let known: Set<String>

  init(_ indexFile: IndexFile) {
    self.indexFile = indexFile
    paths = indexFile.paths()
    known = Set(paths)
  }

  /// The suffixes of the files that are indexed: those that a C compiler may read.
  public static let suffixes = [".c", ".h", ".S", ".inc"]

  /// The files that contain each of `words` as a whole word, comments and strings included. A word that no file
  /// contains has no entry. `#NAME` stands for the definition of a macro.
  ///
  /// Words are compared by a 32-bit hash: about one question in a hundred also names a file that has another word with
  /// the same hash.
  public func paths(naming words: some Sequence<String>) -> [String: [String]] {
    var wanted: [UInt32: [String]] = [:]
    for word in Set(words) { wanted[FileWords.hash(of: word), default: []].append(word) }
    var found: [String: [String]] = [:]
    for (file, hash) in indexFile.occurrences(of: Set(wanted.keys), in: .words) {
      for word in wanted[hash] ?? [] { found[word, default: []].append(paths[file]) }
    }
    return found
  }

  /// What a file includes; nil if the tree does not have it.
  public func includes(of path: String) -> [Include]? {
    var range = paths.indices
    while !range.isEmpty {
      let middle = (range.lowerBound + range.upperBound) / 2
      if paths[middle] == path { return indexFile.includes(of: middle) }
      let isAfter = paths[middle].utf8.lexicographicallyPrecedes(path.utf8)
      range = isAfter ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return nil
  }

  /// The files that include a path with one of these last components, or include by a macro, with all their includes.
  /// Files for which `isKnown` holds are left out.
  func includers(
    naming components: Set<Substring>, except isKnown: (String) -> Bool
  ) -> [(path: String, includes: [Include])] {
    let hashes = Set(components.map { FileWords.hash(of: $0) } + [Include.computed.hash])
    var seen: Set<Int> = []
    return indexFile.occurrences(of: hashes, in: .includes).compactMap { file, _ in
      seen.insert(file).inserted && !isKnown(paths[file]) ? (paths[file], indexFile.includes(of: file)) : nil
    }
  }
}

extension TreeIndex {
  /// The index of a tree, loaded from a folder of indexes or built now.
  ///
  /// - Parameters:
  ///   - folder: the folder of indexes. A damaged index is rebuilt. If the folder cannot be written, the index is built
  ///     in a temporary file and the next run builds it again.
  ///   - jobs: the number of tasks that read at once.
  /// - Throws: `Failure(.input)` if an object of the tree cannot be read; `Failure(.unavailable)` if no file can be
  ///   written; `Failure(.interrupted)`.
  public nonisolated(nonsending) static func of(
    _ tree: ObjectID, in repository: Repository, keptIn folder: String, jobs: Int, progress: Progress = .silent
  ) async throws(Failure) -> TreeIndex {
    let file = "\(folder)/\(tree.hex)"
    if let kept = kept(file) { return kept }
    try? Files.makeFolder(folder)
    let lock = try? await FileLock.acquire(file + ".lock", against: "indexing the tree", progress: progress)
    defer {
      if lock != nil { try? Files.remove(file + ".lock") }
    }
    if let kept = kept(file) { return kept }
    let builder = try TreeIndexBuilder(tree, of: repository, earlier: latest(in: folder))
    func summary(_ index: TreeIndex) -> String? { "\(index.paths.count) files" }
    return try await progress.step("Indexing the tree", outcome: summary) {
      () async throws(Failure) in
      let indexFile: IndexFile?
      if lock != nil, try await write(builder, to: file, jobs: jobs) {
        indexFile = IndexFile(contentsOf: file)
      } else {
        guard let temporary = tmpfile() else {
          throw Failure(.unavailable, "cannot make a temporary file", notes: [String(cString: strerror(errno))])
        }
        defer { fclose(temporary) }
        try await builder.write(to: fileno(temporary), jobs: jobs)
        indexFile = IndexFile(mapping: fileno(temporary))
      }
      guard let indexFile else {
        throw Failure(
          .unavailable, "cannot read the index of the tree \(tree.abbreviated()) that was written just now",
          notes: ["is the disk failing, or the tree larger than any kernel?"])
      }
      return TreeIndex(indexFile)
    }
  }

  /// Writes the index, whole or not at all.
  ///
  /// - Returns: whether it could be written.
  private static func write(_ builder: TreeIndexBuilder, to file: String, jobs: Int) async throws(Failure) -> Bool {
    let draft = file + ".new"
    let descriptor = open(draft, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    do {
      try await builder.write(to: descriptor, jobs: jobs)
      try Files.rename(draft, to: file)
      return true
    } catch {
      try? Files.remove(draft)
      if error.status == .unavailable { return false }
      throw error
    }
  }

  /// The index of a tree if the folder of indexes has a valid one; it is never built.
  public static func kept(of tree: ObjectID, in folder: String) -> TreeIndex? { kept("\(folder)/\(tree.hex)") }

  private static func kept(_ file: String) -> TreeIndex? {
    FileUse.begin(file) ? IndexFile(contentsOf: file).map(TreeIndex.init) : nil
  }

  /// The most recently used index; the next tree probably shares most of its files.
  private static func latest(in folder: String) -> IndexFile? {
    let files = FileManager.default
    let names = Files.names(in: folder).filter { !$0.hasSuffix(".lock") && !$0.hasSuffix(".new") }
    func date(_ name: String) -> Date {
      (try? files.attributesOfItem(atPath: "\(folder)/\(name)")[.modificationDate] as? Date) ?? .distantPast
    }
    return names.map { ($0, date($0)) }.max { $0.1 < $1.1 }.flatMap { IndexFile(contentsOf: "\(folder)/\($0.0)") }
  }
}
