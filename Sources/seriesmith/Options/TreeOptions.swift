import ArgumentParser
import Diagnostics
import Foundation
import Git
import Kernels
import Processes
import Support

/// `--tree` and `--base`: the kernel that a command works on.
struct TreeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The git repository of a kernel. (default: the kernel tree you are in, else the embedded kernel)",
      valueName: "repo"),
    completion: .directory)
  var tree: String?

  @Option(help: ArgumentHelp("The commit to work on.", valueName: "rev"))
  var base = standardBase

  static let standardBase = "HEAD"

  /// The user's own repository: the one that is named, or else the kernel tree that the current folder is in.
  var own: String? { tree ?? Self.kernelHere }

  /// Opens the repository and finds the commit; fetches the embedded kernel where there is no tree.
  func open(_ progress: Progress) async throws(Failure) -> (repository: Repository, base: Commit) {
    let path: String
    if let own {
      path = own
      if tree == nil { progress.report(.note("working on the kernel in \(own)")) }
      // `seriesmith kernel` may have printed it: then `cache prune` must not remove it now.
      if URL(fileURLWithPath: own).standardizedFileURL.path.hasPrefix(Cache.user.folder("kernels") + "/") {
        FileUse.begin(own)
      }
    } else {
      let kernel = try await KernelStore(cache: .user, progress: progress).kernel(.embedded)
      if let fallback = kernel.fallback { progress.report(.note(fallback)) }
      path = kernel.repository
    }
    let repository = try Repository(opening: path)
    return (repository, try repository.resolve(base))
  }

  /// The root of the kernel work tree that the current folder is in; nil outside of one.
  static var kernelHere: String? {
    var folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    while !Files.exists(folder.path + "/.git") {
      guard folder.path != "/" else { return nil }
      folder.deleteLastPathComponent()
    }
    return Files.exists(folder.path + "/Kconfig") ? folder.path : nil
  }
}

extension Cache {
  static var user: Cache { Cache(environment: ProcessInfo.processInfo.environment) }
}
