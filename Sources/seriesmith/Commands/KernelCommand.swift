import ArgumentParser
import Diagnostics
import Foundation
import Git
import Kernels
import Processes
import TreeIndex

struct KernelCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel",
    abstract: "Imports a kernel into a git repository, once, and prints its path.",
    discussion: """
      The default is the embedded kernel, Linux \(KernelStore.embedded): the pristine tarball of
      Debian's source package, fetched by apt with a configuration of its own. The
      import is one commit with a fixed author and date, so the same source gives
      the same commit id everywhere.

        git clone $(seriesmith kernel --release 7.2) linux-7.2
      """)

  @Option(help: ArgumentHelp("Another release that Debian has, such as 7.2 or 6.12.", valueName: "version"))
  var release: String?

  @Option(
    help: ArgumentHelp("A tarball or folder of kernel source to import.", valueName: "tarball|dir"),
    completion: .file())
  var from: String?

  func validate() throws {
    if release != nil && from != nil { throw ValidationError("give --release or --from, not both") }
  }

  func perform() async throws {
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
  /// Indexes a new kernel now, so that the next command need not.
  private static func index(_ kernel: Kernel, _ progress: Progress) async throws(Failure) {
    let repository = try Repository(opening: kernel.repository)
    _ = try await TreeIndex.of(
      try repository.resolve("HEAD").tree, in: repository, keptIn: Cache.user.folder("indexes"),
      jobs: ProcessInfo.processInfo.activeProcessorCount, progress: progress)
  }

  fileprivate static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
