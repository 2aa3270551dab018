public import Diagnostics
public import Git
import PatchSeries
import Processes

/// The one checkout of a tree that all lanes and states share.
public enum BaseCheckout {
  /// The tree's files under `cache/trees/<id>`, written there if they are not.
  ///
  /// They are written elsewhere and moved in when complete, so an interrupted run leaves no half of a tree.
  ///
  /// - Parameters:
  ///   - scratch: a folder of this run's own in the cache.
  ///   - like: a checkout that shares most files with it, which are linked rather than written again.
  public nonisolated(nonsending) static func make(
    _ tree: ObjectID, from repository: Repository, cache: String, scratch: String, like: BaseTree? = nil,
    progress: Progress
  ) async throws(Failure) -> BaseTree {
    let folder = "\(cache)/trees"
    let directory = "\(folder)/\(tree.hex)"
    try makeFolder(folder)
    if !FileUse.begin(directory) {
      let lock = try await FileLock.acquire("\(directory).lock") {
        progress.report(.note("waiting for another run that is checking out the base"))
      }
      defer { _ = lock }
      if !FileUse.begin(directory) {
        let name = "Checking out \(tree.abbreviated())"
        let start = ContinuousClock.now
        progress.report(.began(name))
        let draft = "\(scratch)/\(tree.hex)"
        let shared = like.flatMap { like in ObjectID(hex: like.id).map { (tree: $0, directory: like.directory) } }
        try repository.checkout(tree: tree, into: draft, sharing: shared)
        try Files.rename(draft, to: directory)
        FileUse.begin(directory)
        progress.report(.ended(name, outcome: nil, seconds: (ContinuousClock.now - start).seconds))
      }
    }
    var paths: [String] = []
    try repository.walk(tree) { (path, entry) throws(Failure) in if entry.mode.isFile { paths.append(path) } }
    return BaseTree(id: tree.hex, directory: directory, paths: paths)
  }
}
