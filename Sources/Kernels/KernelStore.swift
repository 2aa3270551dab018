public import Diagnostics
import FoundationEssentials
import Processes
import Support

/// The kernels in the cache, each imported once into a git repository.
///
/// An import happens in a folder of its own and gets its final name in one step, so an interrupted one leaves nothing
/// that could be mistaken for a kernel; the next import removes what it left.
public struct KernelStore: Sendable {
  /// The release of the embedded kernel: the one both seed series of `iova_to_phys_length` were written on.
  public static let embedded = "7.1.3"

  let cache: Cache
  let progress: Progress

  public init(cache: Cache, progress: Progress) {
    self.cache = cache
    self.progress = progress
  }

  var folder: String { cache.folder("kernels") }

  /// The kernel that `source` names, imported first if need be (about a minute and 350 MB of disk; 2.5 GB while it
  /// works).
  ///
  /// - Throws: `Failure(.input)` when no such release exists, or the tarball or folder holds no kernel;
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

  /// The kernel in the repository `name`; nil when it is not there, or not whole.
  func existing(_ name: String) async throws(Failure) -> Kernel? {
    let repository = "\(folder)/\(name).git"
    guard FileUse.begin(repository) else { return nil }
    try await check(repository)
    guard let head = try await GitImport(repository: repository).head() else { return nil }
    return Kernel(repository: repository, release: head.release, commit: head.commit)
  }

  /// Has git read all objects of a repository whose files are not as they were when it last did, which takes seconds.
  ///
  /// - Throws: `Failure(.unavailable)` when it is damaged. It may hold branches of the user's, so it is left to him to
  ///   remove it.
  private func check(_ repository: String) async throws(Failure) {
    let record = repository + "/.seriesmith"
    if FolderRecord(contentsOf: record)?.changed(in: repository).isEmpty == true { return }
    let packs = Files.names(in: repository + "/objects/pack").filter { $0.hasSuffix(".idx") }
    // Without any it is not whole, and imported again.
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
        notes: said + ["remove the folder, and the next run imports the kernel again"])
    }
    // Where that cannot be kept, git looks again the next time.
    try? FolderRecord(ofAllIn: repository, by: .time) { $0 == ".seriesmith" }.write(to: record)
  }

  /// Runs `work` in a new folder that only this run uses, and removes it afterwards, whatever happens.
  func withWorkFolder<T>(_ work: (String) async throws(Failure) -> T) async throws(Failure) -> T {
    let progress = progress
    let lock = try await FileLock.acquire(folder + "/.lock") {
      progress.report(.note("waiting for another run that is importing a kernel"))
    }
    // While we hold the lock nobody else works here, so any such folder is what a killed run left.
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
    let ids = try await progress.step("Importing Linux \(release)", outcome: \.summary) {
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
