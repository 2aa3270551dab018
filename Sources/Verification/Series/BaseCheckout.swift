public import Diagnostics
public import Git
import PatchSeries
import Processes
import Support

/// The one checkout of a tree that all lanes and states share.
public enum BaseCheckout {
  /// Checks out a tree under `cache/trees/<id>`, unless it is already there.
  ///
  /// Files are written elsewhere and moved in when complete, so an interrupted run leaves no partial tree. Files that
  /// have changed since they were written are rewritten.
  ///
  /// - Parameters:
  ///   - scratch: this run's own folder in the cache.
  ///   - like: a checkout that shares most files with the tree; these are linked instead of written again.
  public nonisolated(nonsending) static func make(
    _ tree: ObjectID, from repository: Repository, cache: String, scratch: String, like: BaseTree? = nil,
    progress: Progress
  ) async throws(Failure) -> BaseTree {
    let folder = "\(cache)/trees"
    let directory = "\(folder)/\(tree.hex)"
    try Files.makeFolder(folder)
    if !FileUse.begin(directory) {
      let lock = try await FileLock.acquire(
        "\(directory).lock", against: "checking out the base", progress: progress)
      defer { _ = lock }
      if !FileUse.begin(directory) {
        let name = "Checking out \(tree.abbreviated())"
        let start = ContinuousClock.now
        progress.report(.began(name))
        let draft = "\(scratch)/\(tree.hex)"
        let shared = like.flatMap { like in ObjectID(hex: like.id).map { (tree: $0, directory: like.directory) } }
        try repository.checkout(tree: tree, into: draft, sharing: shared)
        try FolderRecord(of: draft, files(of: tree, in: repository).keys, by: .time).write(to: record(of: draft))
        try Files.rename(draft, to: directory)
        FileUse.begin(directory)
        progress.report(.ended(name, outcome: nil, seconds: (ContinuousClock.now - start).seconds))
      }
    }
    let record = record(of: directory)
    if FolderRecord(contentsOf: record)?.changed(in: directory).isEmpty != true {
      let lock = try await FileLock.acquire(
        "\(directory).lock", against: "checking the base's files", progress: progress)
      defer { _ = lock }
      try await progress.step("Comparing the checkout with the tree") { () async throws(Failure) in
        try mend(directory, to: tree, record: record, from: repository)
      }
    }
    var paths: [String] = []
    try repository.walk(tree) { (path, entry) throws(Failure) in if entry.mode.isFile { paths.append(path) } }
    return BaseTree(id: tree.hex, directory: directory, paths: paths)
  }

  /// The path of the record of a checkout's files as they were written.
  private static func record(of directory: String) -> String { directory + "/.seriesmith" }

  /// Every entry of a tree that is not a folder, by path.
  private static func files(of tree: ObjectID, in repository: Repository) throws(Failure) -> [String: TreeEntry] {
    var files: [String: TreeEntry] = [:]
    try repository.walk(tree) { (path, entry) throws(Failure) in files[path] = entry }
    return files
  }

  /// Rewrites the files of a checkout that differ from the tree. Only one caller may do so at a time.
  ///
  /// Reading a whole kernel takes seconds, so only files that differ from the record are read. As with git's index, a
  /// file with the recorded mode, size and time counts as untouched: silent corruption on the disk goes unnoticed.
  ///
  /// - Parameters:
  ///   - others: the paths of files that are meant to differ from the tree.
  ///   - record: the path of the record of all files.
  public static func mend(
    _ directory: String, to tree: ObjectID, except others: Set<String> = [], record: String,
    from repository: Repository
  ) throws(Failure) {
    let changed = FolderRecord(contentsOf: record)?.changed(in: directory)
    if let changed, others.isSuperset(of: changed) { return }
    let files = try files(of: tree, in: repository)
    for path in changed ?? files.keys.sorted() where !others.contains(path) {
      try throwIfCancelled()
      if let entry = files[path] { try repository.mend(entry, at: "\(directory)/\(path)") }
    }
    try FolderRecord(of: directory, files.keys, by: .time).write(to: record)
  }
}
