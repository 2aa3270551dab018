public import Diagnostics
import FoundationEssentials
import Processes
import Support

/// The kernels in the cache, each imported once into a git repository.
///
/// An import works in a temporary folder and gets its final name in one step, so an interrupted import leaves nothing
/// that could be mistaken for a kernel. The next import removes the leftovers.
public struct KernelStore: Sendable {
  /// The release of the embedded kernel, on which both seed series of `iova_to_phys_length` are based.
  public static let embedded = "7.1.3"

  let cache: Cache
  let progress: Progress

  /// The kernels in `cache`; `progress` shows downloads, imports and checks.
  public init(cache: Cache, progress: Progress) {
    self.cache = cache
    self.progress = progress
  }

  var folder: String { cache.folder("kernels") }

  /// The kernel that `source` names, imported first if it is not in the cache (about a minute and 350 MB of disk; 2.5 GB
  /// during the import).
  ///
  /// - Throws: `Failure(.input)` when there is no such release, or when the tarball or folder holds no kernel;
  ///   `Failure(.unavailable)` when a tool is missing, the archive cannot be reached or the disk is full.
  public func kernel(_ source: KernelSource) async throws(Failure) -> Kernel {
    guard which("git") != nil else {
      throw Failure(.unavailable, "git is not installed", notes: DebianPackage.advice(for: "git"))
    }
    try Files.makeFolder(folder)
    switch source {
    case .embedded: return try await release(Self.embedded, orFallback: true)
    case .release(let wanted): return try await release(wanted, orFallback: false)
    case .archive(let path): return try await archive(path)
    case .folder(let path): return try await tree(path)
    }
  }

  /// The kernel in the repository `name`; nil when it is missing or incomplete.
  func existing(_ name: String) async throws(Failure) -> Kernel? {
    let repository = "\(folder)/\(name).git"
    guard FileUse.begin(repository) else { return nil }
    try await check(repository)
    guard let head = try await GitImport(repository: repository).head() else { return nil }
    return Kernel(repository: repository, release: head.release, commit: head.commit)
  }

  /// Has git verify a repository's packs, which takes seconds, if its files changed since the last verification.
  ///
  /// - Throws: `Failure(.unavailable)` when the repository is damaged. It is not removed, since it may hold branches of the
  ///   user.
  private func check(_ repository: String) async throws(Failure) {
    let record = repository + "/.seriesmith"
    if FolderRecord(contentsOf: record)?.changed(in: repository).isEmpty == true { return }
    let packs = Files.names(in: repository + "/objects/pack").filter { $0.hasSuffix(".idx") }
    // A repository without packs is incomplete and will be imported again.
    if packs.isEmpty { return }
    let command = GitImport(repository: repository).git(
      ["verify-pack"] + packs.map { "\(repository)/objects/pack/\($0)" })
    let outcome = try await progress.step("Checking \(repository)") { () async throws(Failure) in
      try await run(command)
    }
    guard outcome.succeeded else {
      let said = outcome.errorText.split(separator: "\n").prefix(4).map(String.init)
      throw Failure(
        .unavailable, at: Place(repository), "the kernel's repository is damaged",
        notes: said + ["remove the folder to have the next run import the kernel again"])
    }
    // If the record cannot be written, the next run verifies the packs again.
    try? FolderRecord(ofAllIn: repository, by: .time) { $0 == ".seriesmith" }.write(to: record)
  }

  /// Runs `work` in a new folder that only this run uses, and removes the folder in any case.
  func withWorkFolder<T>(_ work: (String) async throws(Failure) -> T) async throws(Failure) -> T {
    let lock = try await FileLock.acquire(folder + "/.lock", against: "importing a kernel", progress: progress)
    // No other run works here while we hold the lock, so any such folder is left from a killed run.
    for name in Files.names(in: folder) where name.hasPrefix(".import-") { try Files.remove("\(folder)/\(name)") }
    let temporary = "\(folder)/.import-\(UUID().uuidString)"
    try Files.makeFolder(temporary)
    defer {
      try? FileManager.default.removeItem(atPath: temporary)
      _ = lock
    }
    return try await work(temporary)
  }

  /// Imports the tree in `source` and gives the repository its final name.
  ///
  /// - Parameters:
  ///   - origin: where the tree comes from, for messages.
  ///   - name: the repository's name in the cache; nil to name it after the release and the tree's id.
  func importTree(
    _ source: String, origin: String, name: String?, in temporary: String
  ) async throws(Failure) -> Kernel {
    let release = try Unpack.release(of: source, origin: origin)
    let made = temporary + "/kernel.git"
    let ids = try await progress.step("Importing Linux \(release)", usually: "two minutes", outcome: \.summary) {
      () async throws(Failure) in
      try await GitImport(repository: made).make(from: source, release: release)
    }
    let name = name ?? "\(release)-\(ids.tree.prefix(12))"
    let repository = "\(folder)/\(name).git"
    try Files.remove(repository)
    try FolderRecord(ofAllIn: made, by: .time).write(to: made + "/.seriesmith")
    try Files.rename(made, to: repository)
    FileUse.begin(repository)
    return Kernel(repository: repository, release: release, commit: ids.commit)
  }
}
