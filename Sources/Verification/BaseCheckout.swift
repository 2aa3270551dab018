import Diagnostics
import FoundationEssentials
import Git
import PatchSeries
import Processes

/// The one checkout of a tree that all lanes and states share.
enum BaseCheckout {
  /// The tree's files under `cache/trees/<id>`, written there if they are not.
  ///
  /// They are written to a neighbour that is renamed when complete, so an interrupted run leaves no half of a tree.
  ///
  /// - Parameter like: a checkout that shares most files with it, which are linked rather than written again.
  nonisolated(nonsending) static func make(
    _ tree: ObjectID, from repository: Repository, cache: String, like: BaseTree? = nil, progress: Progress
  ) async throws(Failure) -> BaseTree {
    let folder = "\(cache)/trees"
    let directory = "\(folder)/\(tree.hex)"
    try makeFolder(folder)
    let files = FileManager.default
    if !files.fileExists(atPath: directory) {
      let lock = try await FileLock.acquire("\(directory).lock") {
        progress.report(.note("waiting for another run that is checking out the base"))
      }
      defer { _ = lock }
      if !files.fileExists(atPath: directory) {
        let name = "Checking out \(tree.abbreviated())"
        let start = ContinuousClock.now
        progress.report(.began(name))
        let temporary = "\(directory).new"
        try? files.removeItem(atPath: temporary)
        do throws(Failure) {
          let shared = like.flatMap { like in ObjectID(hex: like.id).map { (tree: $0, directory: like.directory) } }
          try repository.checkout(tree: tree, into: temporary, sharing: shared)
        } catch {
          try? files.removeItem(atPath: temporary)
          throw error
        }
        do { try files.moveItem(atPath: temporary, toPath: directory) } catch {
          throw Failure(.unavailable, at: Place(directory), "cannot keep the checkout", notes: ["\(error)"])
        }
        progress.report(.ended(name, outcome: nil, seconds: (ContinuousClock.now - start).seconds))
      }
    }
    var paths: [String] = []
    try repository.walk(tree) { (path, entry) throws(Failure) in if entry.mode.isFile { paths.append(path) } }
    return BaseTree(id: tree.hex, directory: directory, paths: paths)
  }
}
