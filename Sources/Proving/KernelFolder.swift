import Diagnostics
import Git
import Glibc
import Kbuild
import Processes
import Support
import Verification

/// A folder of the cache in which the states of series on one base are built, one after another: a source tree whose
/// files change from state to state, and a build folder in which make rebuilds only what a change affects.
struct KernelFolder: ~Copyable {
  let base: BaseTree
  private let path: String
  private let lock: FileLock

  var source: SourceTree { SourceTree(path: path + "/source", tree: base.id) }
  var build: String { path + "/build" }

  /// Opens the folder, or makes it, and keeps other runs out of it as long as the value lives.
  ///
  /// - Parameters:
  ///   - identity: what else the builds depend on, such as the configuration and the toolchain.
  ///   - scratch: a folder of this run's own in the cache.
  nonisolated(nonsending) static func open(
    _ base: BaseTree, identity: [String], repository: Repository, cache: String, scratch: String, progress: Progress
  ) async throws(Failure) -> KernelFolder {
    let key = VerdictKey([base.id] + identity).digest.prefix(16)
    let path = "\(cache)/proofs/\(key)"
    try Files.makeFolder("\(cache)/proofs")
    let lock = try await FileLock.acquire(
      "\(path).lock", against: "proving a series on this base", progress: progress)
    guard let tree = ObjectID(hex: base.id) else { throw Failure(.input, "'\(base.id)' is not a tree") }
    // Without an intact list of changed files, the folder's contents are unknown.
    if FileUse.begin(path), lines(path + "/changed") == nil { try Files.remove(path) }
    if !FileUse.begin(path) {
      // The files are hard links to the base's until a state replaces them.
      let draft = "\(scratch)/proof"
      try Files.makeFolder(draft)
      try repository.checkout(tree: tree, into: draft + "/source", sharing: (tree, base.directory))
      try Files.writeSealed([], to: draft + "/changed")
      try Files.rename(draft, to: path)
      FileUse.begin(path)
    }
    let folder = KernelFolder(base: base, path: path, lock: lock)
    try BaseCheckout.mend(
      folder.source.path, to: tree, except: lines(path + "/changed") ?? [], record: path + "/files", from: repository)
    try folder.mendBuild()
    return folder
  }

  /// Removes files of the build folder that may be incomplete or changed, so that make builds them again.
  private func mendBuild() throws(Failure) {
    if let record = FolderRecord(contentsOf: buildRecord) {
      for name in record.changed(in: build) {
        try Files.remove("\(build)/\(name)")
        try Files.remove("\(build)/\(Self.commandFile(of: name))")
      }
      return
    }
    // Make was killed. It saves a product's command once the product is complete, so a newer product is incomplete.
    for name in Files.paths(below: build) where !name.hasSuffix(".cmd") {
      let command = "\(build)/\(Self.commandFile(of: name))"
      guard let made = Self.time("\(build)/\(name)"), let saved = Self.time(command), made > saved else { continue }
      try Files.remove("\(build)/\(name)")
    }
  }

  private var buildRecord: String { path + "/built" }

  /// Runs `work`, in which make changes the build folder, and records the files afterwards.
  nonisolated(nonsending) func building<T>(_ work: () async throws(Failure) -> T) async throws(Failure) -> T {
    try Files.remove(buildRecord)
    let result: T
    do throws(Failure) { result = try await work() } catch { throw Files.explaining(error, at: build) }
    try FolderRecord(ofAllIn: build, by: .time).write(to: buildRecord)
    return result
  }

  /// The file beside a product in which Kbuild saves its command.
  private static func commandFile(of product: String) -> String {
    let start = product.lastIndex(of: "/").map { product.index(after: $0) } ?? product.startIndex
    return "\(product[..<start]).\(product[start...]).cmd"
  }

  /// The time of the last change, in nanoseconds; nil if there is no such regular file.
  private static func time(_ path: String) -> Int? {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
  }

  /// Makes the source tree that of the base with these changes.
  ///
  /// Writes only files whose contents differ, with the current time: make goes by times, and would take a file that
  /// returns with the base's old time as unchanged.
  func lay(_ changes: FileChanges) throws(Failure) {
    let record = path + "/changed"
    let laid = Self.lines(record) ?? []
    try Self.write(laid.union(changes.keys), to: record)
    for name in laid.union(changes.keys).sorted() {
      let file = "\(source.path)/\(name)"
      let wanted = TreeView(base: base, overlay: changes).contents(of: name)
      guard let wanted else {
        // It may be a link to a folder, in whose place the state has files below that name.
        try Files.remove(file)
        continue
      }
      guard Files.read(file) != wanted else { continue }
      if let slash = file.lastIndex(of: "/") { try Files.makeFolder(String(file[..<slash])) }
      try Files.write(wanted, to: file)
      // Kbuild executes some scripts directly.
      if wanted.starts(with: "#!".utf8) { chmod(file, 0o755) }
    }
    try Self.write(Set(changes.keys), to: record)
  }

  /// The files of the tree that any kernel built here has read.
  var filesRead: Set<String> { Self.lines(path + "/read") ?? [] }

  /// Adds the files that the last build has read.
  func noteFilesRead(_ files: Set<String>) throws(Failure) {
    try Self.write(filesRead.union(files), to: path + "/read")
  }

  /// The lines of a file; nil if it is missing or damaged.
  private static func lines(_ path: String) -> Set<String>? {
    Files.readSealed(path).map { Set(String(decoding: $0, as: UTF8.self).split(separator: "\n").map(String.init)) }
  }

  private static func write(_ lines: Set<String>, to path: String) throws(Failure) {
    try Files.writeSealed(Array(lines.sorted().joined(separator: "\n").utf8), to: path)
  }
}
