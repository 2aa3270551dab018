public import Diagnostics
import FoundationEssentials
public import Git
import Glibc
import Processes
import Support

/// Which C files of a tree name a word, and what each includes.
///
/// A tree is read once, in a few seconds; what is kept of it is a file of some 140 MB for a kernel that later runs map
/// into memory, so that a question takes milliseconds. A tree that shares files with one read before is only read where it
/// differs.
public struct TreeIndex: Sendable {
  let layout: Layout
  /// The path of each file, sorted as git sorts.
  public let paths: [String]
  let known: Set<String>

  init(_ layout: Layout) {
    self.layout = layout
    paths = layout.paths()
    known = Set(paths)
  }

  /// How the names of the files end that are read: what a C compiler may come to see.
  public static let suffixes = [".c", ".h", ".S", ".inc"]

  /// The files that contain each of `words` as a whole word, comments and strings included. A word that no file
  /// contains has no entry.
  ///
  /// Words are compared by a hash of 32 bits: once in some hundred questions a file is named that has another word
  /// of the same hash.
  public func paths(naming words: some Sequence<String>) -> [String: [String]] {
    var wanted: [UInt32: [String]] = [:]
    for word in Set(words) { wanted[FileWords.hash(of: word), default: []].append(word) }
    var found: [String: [String]] = [:]
    for (file, hash) in layout.occurrences(of: Set(wanted.keys), in: .words) {
      for word in wanted[hash] ?? [] { found[word, default: []].append(paths[file]) }
    }
    return found
  }

  /// The files that include something whose path ends with one of these components, or by a macro, with what they
  /// include. Those that `isKnown` are left out.
  func includers(
    naming components: Set<Substring>, except isKnown: (String) -> Bool
  ) -> [(path: String, includes: [Include])] {
    let hashes = Set(components.map { FileWords.hash(of: $0) } + [Include.computed.hash])
    var seen: Set<Int> = []
    return layout.occurrences(of: hashes, in: .includes).compactMap { file, _ in
      seen.insert(file).inserted && !isKnown(paths[file]) ? (paths[file], layout.includes(of: file)) : nil
    }
  }
}

extension TreeIndex {
  /// The index of a tree, read from the folder where it was kept or made now.
  ///
  /// - Parameters:
  ///   - folder: where indexes are kept. One that is damaged is made again; when it cannot be written there, nothing
  ///     but time is lost.
  ///   - jobs: how many threads may read at once.
  /// - Throws: `Failure(.input)` when an object of the tree cannot be read; `Failure(.interrupted)`.
  public nonisolated(nonsending) static func of(
    _ tree: ObjectID, in repository: Repository, keptIn folder: String, jobs: Int, progress: Progress = .silent
  ) async throws(Failure) -> TreeIndex {
    let file = "\(folder)/\(tree.hex)"
    if let kept = kept(file) { return kept }
    try? Files.makeFolder(folder)
    let lock = try? await FileLock.acquire(file + ".lock") {
      progress.report(.note("waiting for another run that is indexing the tree"))
    }
    defer {
      if lock != nil { try? Files.remove(file + ".lock") }
    }
    if let kept = kept(file) { return kept }
    let builder = try TreeIndexBuilder(tree, of: repository, earlier: latest(in: folder))
    return try await progress.step("Indexing the tree", outcome: { "\($0.paths.count) files" }) {
      () async throws(Failure) in
      let layout: Layout?
      if lock != nil, try await write(builder, to: file, jobs: jobs) {
        layout = Layout(contentsOf: file)
      } else {
        guard let temporary = tmpfile() else {
          throw Failure(.unavailable, "cannot make a temporary file", notes: [String(cString: strerror(errno))])
        }
        defer { fclose(temporary) }
        try await builder.write(to: fileno(temporary), jobs: jobs)
        layout = Layout(mapping: fileno(temporary))
      }
      guard let layout else {
        throw Failure(.unavailable, "cannot index the tree \(tree.abbreviated()): it is too large")
      }
      return TreeIndex(layout)
    }
  }

  /// Writes the index at once or not at all; whether it could be written.
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

  /// The index of a tree, if there is one in the folder where they are kept.
  public static func kept(of tree: ObjectID, in folder: String) -> TreeIndex? { kept("\(folder)/\(tree.hex)") }

  private static func kept(_ file: String) -> TreeIndex? {
    FileUse.begin(file) ? Layout(contentsOf: file).map(TreeIndex.init) : nil
  }

  /// The index used last, most of whose files the next tree is likely to share.
  private static func latest(in folder: String) -> Layout? {
    let files = FileManager.default
    let names = Files.names(in: folder).filter { !$0.hasSuffix(".lock") && !$0.hasSuffix(".new") }
    func date(_ name: String) -> Date {
      (try? files.attributesOfItem(atPath: "\(folder)/\(name)")[.modificationDate] as? Date) ?? .distantPast
    }
    return names.map { ($0, date($0)) }.max { $0.1 < $1.1 }.flatMap { Layout(contentsOf: "\(folder)/\($0.0)") }
  }
}
