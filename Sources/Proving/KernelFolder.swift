import Diagnostics
import Git
import Glibc
import Kbuild
import Processes
import Verification

/// A folder of the cache in which the states of series with one base are built, one after another: a source tree whose
/// files are changed from state to state, and a build folder where only what a change reaches is built again.
struct KernelFolder: ~Copyable {
  let base: BaseTree
  private let path: String
  private let lock: FileLock

  var source: SourceTree { SourceTree(path: path + "/source", tree: base.id) }
  var build: String { path + "/build" }

  /// Opens the folder, which is made where it is missing, and keeps others out of it as long as the value lives.
  ///
  /// - Parameters:
  ///   - identity: what else the builds depend on: the configuration, the toolchain.
  ///   - scratch: a folder of this run's own in the cache.
  nonisolated(nonsending) static func open(
    _ base: BaseTree, identity: [String], repository: Repository, cache: String, scratch: String, progress: Progress
  ) async throws(Failure) -> KernelFolder {
    let key = VerdictKey([base.id] + identity).digest.prefix(16)
    let path = "\(cache)/proofs/\(key)"
    try Files.makeFolder("\(cache)/proofs")
    let lock = try await FileLock.acquire("\(path).lock") {
      progress.report(.note("waiting for another run that is proving a series with this base"))
    }
    if !FileUse.begin(path) {
      // The files are links to the base's until a state replaces them.
      let draft = "\(scratch)/proof"
      try Files.makeFolder(draft)
      guard let tree = ObjectID(hex: base.id) else { throw Failure(.input, "'\(base.id)' is no tree") }
      try repository.checkout(tree: tree, into: draft + "/source", sharing: (tree, base.directory))
      try Files.rename(draft, to: path)
      FileUse.begin(path)
    }
    return KernelFolder(base: base, path: path, lock: lock)
  }

  /// Makes the source tree what it is with these changes to the base.
  ///
  /// Only files that are not so already are written, with the time of now: make goes by times, and would take a file of
  /// the base, with its old time, for one that was there all along.
  func lay(_ changes: FileChanges) throws(Failure) {
    let record = path + "/changed"
    let laid = Self.lines(record)
    try Files.write(laid.union(changes.keys).sorted().joined(separator: "\n").utf8, to: record)
    for name in laid.union(changes.keys).sorted() {
      let file = "\(source.path)/\(name)"
      let wanted = TreeView(base: base, overlay: changes).contents(of: name)
      guard let wanted else {
        // It may be a link to a folder, and below it are files of the state then.
        try Files.remove(file)
        continue
      }
      guard Files.read(file) != wanted else { continue }
      if let slash = file.lastIndex(of: "/") { try Files.makeFolder(String(file[..<slash])) }
      try Files.write(wanted, to: file)
      // Kbuild runs some scripts by their names.
      if wanted.starts(with: "#!".utf8) { chmod(file, 0o755) }
    }
    try Files.write(changes.keys.sorted().joined(separator: "\n").utf8, to: record)
  }

  /// The files of the tree that any kernel built here was made of.
  var filesRead: Set<String> { Self.lines(path + "/read") }

  /// Notes what the kernel that was built last was made of.
  func noteFilesRead(_ files: Set<String>) throws(Failure) {
    try Files.write(filesRead.union(files).sorted().joined(separator: "\n").utf8, to: path + "/read")
  }

  private static func lines(_ path: String) -> Set<String> {
    Set(String(decoding: Files.read(path) ?? [], as: UTF8.self).split(separator: "\n").map(String.init))
  }
}
