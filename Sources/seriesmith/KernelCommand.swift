import ArgumentParser
import Descriptions
import Diagnostics
import Foundation
import Git
import Kernels
import Processes

struct KernelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel",
    abstract: "Prints the path of a git repository holding a kernel, importing it once.",
    discussion: """
      Without options this is the embedded kernel, Linux \(KernelStore.embedded): the pristine
      tarball of Debian's source package, fetched by apt with a configuration of
      its own. The import is one commit with a fixed author and date, so the same
      source gives the same commit id everywhere.

        git clone $(seriesmith kernel --release 7.2) linux-7.2
      """)

  @Option(help: ArgumentHelp("Another release that Debian holds, such as 7.2 or 6.12.", valueName: "version"))
  var release: String?

  @Option(help: ArgumentHelp("A tarball or a folder with the source of a kernel.", valueName: "tarball|dir"))
  var from: String?

  func validate() throws {
    if release != nil && from != nil { throw ValidationError("give --release or --from, not both") }
  }

  func run() async throws {
    let source: KernelSource =
      release.map { .release($0) } ?? from.map { KernelCommand.isFolder($0) ? .folder($0) : .archive($0) } ?? .embedded
    let console = Console.standard
    let kernel = try await withSignalsCancelling { () async throws(Failure) in
      try await KernelStore(cache: .user, progress: console.progress).kernel(source)
    }
    if let fallback = kernel.fallback { console.progress.report(.note(fallback)) }
    try await Self.index(kernel, console.progress)
    print(kernel.repository)
  }
}

extension KernelCommand {
  /// Reads a new kernel once for what every series looks for in it, so that `scan` and `generate` need not.
  private static func index(_ kernel: Kernel, _ progress: Progress) async throws(Failure) {
    // Without Templates/ there is no series to index for.
    guard let names = try? SeriesFolders.names(), let root = try? SeriesFolders.root() else { return }
    try await progress.step("Indexing ops tables") { () async throws(Failure) in
      let repository = try Repository(opening: kernel.repository)
      let tree = try repository.resolve("HEAD").tree
      for name in names {
        let words = try SeriesLoader.load("\(root)/\(name)").inventoryWords
        try GitTree.paths(containing: words, in: tree, of: repository)
      }
    }
  }

  fileprivate static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
