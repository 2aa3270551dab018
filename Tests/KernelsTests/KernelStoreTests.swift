import Diagnostics
import Foundation
import Processes
import Support
import Synchronization
import Testing

@testable import Kernels

@Suite struct KernelStoreTests {
  /// A folder with a tiny kernel in `tree` and room for caches, removed afterwards.
  private func withTree<T>(_ body: (String) async throws -> T) async throws -> T {
    let folder = FileManager.default.temporaryDirectory.appending(path: "kernels-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Files.makeFolder(folder + "/tree/drivers")
    let makefile = "VERSION = 7\nPATCHLEVEL = 1\nSUBLEVEL = 3\nEXTRAVERSION =\n"
    try Files.write(makefile.utf8, to: folder + "/tree/Makefile")
    try Files.write("mainmenu \"x\"\n".utf8, to: folder + "/tree/Kconfig")
    try Files.write("*.o\n".utf8, to: folder + "/tree/.gitignore")
    try Files.write("shipped\r\n".utf8, to: folder + "/tree/drivers/a.o")
    try Files.write([], to: folder + "/tree/drivers/empty.c")
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/tree/drivers/link", withDestinationPath: "../Makefile")
    return try await body(folder)
  }

  private func store(_ folder: String, _ name: String = "cache", _ progress: Diagnostics.Progress = .silent)
    -> KernelStore
  {
    KernelStore(cache: Cache(root: "\(folder)/\(name)"), progress: progress)
  }

  private func tarball(_ folder: String) async throws -> String {
    let path = folder + "/linux.tar.gz"
    try await requireSuccess(Command("tar", ["-czf", path, "-C", folder, "tree"]))
    return path
  }

  @Test func theSameSourceGivesTheSameCommit() async throws {
    try await withTree { (folder: String) async throws in
      let first = try await store(folder, "one").kernel(.folder(folder + "/tree"))
      let second = try await store(folder, "two").kernel(.folder(folder + "/tree"))
      let third = try await store(folder, "three").kernel(.archive(try await tarball(folder)))
      #expect(first.commit == second.commit)
      #expect(first.commit == third.commit)
      #expect(first.release == "7.1.3")
      #expect(first.fallback == nil)
      #expect(first.repository.hasPrefix("\(folder)/one/kernels/7.1.3-"))
    }
  }

  @Test func everyFileIsInTheTreeAsItIs() async throws {
    try await withTree { (folder: String) async throws in
      let kernel = try await store(folder).kernel(.folder(folder + "/tree"))
      let git = { (arguments: [String]) async throws(Failure) in
        try await requireSuccess(Command("git", ["--git-dir=\(kernel.repository)"] + arguments)).text
      }
      #expect(
        try await git(["ls-tree", "-r", "--name-only", "master"])
          == ".gitignore\nKconfig\nMakefile\ndrivers/a.o\ndrivers/empty.c\ndrivers/link\n")
      #expect(try await git(["cat-file", "blob", "master:drivers/a.o"]) == "shipped\r\n")
      #expect(try await git(["log", "--format=%an <%ae> %s", "master"]) == "Linux <linux@localhost> Linux 7.1.3\n")
      #expect(try await git(["fsck", "--strict"]) == "")
    }
  }

  @Test func aKnownTarballIsNotUnpackedAgain() async throws {
    try await withTree { (folder: String) async throws in
      let steps = Mutex<[String]>([])
      let progress = Diagnostics.Progress { event in
        if case .began(let name) = event { steps.withLock { $0.append(name) } }
      }
      let path = try await tarball(folder)
      let first = try await store(folder, "cache", progress).kernel(.archive(path))
      #expect(steps.withLock { $0.count } == 2)
      let second = try await store(folder, "cache", progress).kernel(.archive(path))
      #expect(second == first)
      #expect(steps.withLock { $0.count } == 2)
    }
  }

  /// The repository may hold branches of the user.
  @Test func aRepositoryWithADamagedObjectIsRefused() async throws {
    try await withTree { (folder: String) async throws in
      let path = try await tarball(folder)
      let first = try await store(folder).kernel(.archive(path))
      let packs = first.repository + "/objects/pack"
      for name in Files.names(in: packs) where name.hasSuffix(".pack") {
        var bytes = try #require(Files.read("\(packs)/\(name)"))
        bytes[bytes.count / 2] ^= 1
        try Files.write(bytes, to: "\(packs)/\(name)")
      }
      let failure = await #expect(throws: Failure.self) { try await store(folder).kernel(.archive(path)) }
      #expect(failure?.status == .unavailable)
      #expect(failure?.findings.first?.place?.file == first.repository)
      #expect(failure?.findings.first?.notes.last?.contains("remove the folder") == true)
      try Files.remove(first.repository)
      #expect(try await store(folder).kernel(.archive(path)) == first)
    }
  }

  @Test func aDamagedRepositoryIsImportedAgain() async throws {
    try await withTree { (folder: String) async throws in
      let path = try await tarball(folder)
      let first = try await store(folder).kernel(.archive(path))
      try Files.remove(first.repository + "/refs/heads/master")
      #expect(try await store(folder).kernel(.archive(path)) == first)
      #expect(Files.exists(first.repository + "/refs/heads/master"))
    }
  }

  @Test func anImportThatFailsLeavesNothing() async throws {
    try await withTree { (folder: String) async throws in
      let path = folder + "/broken.tar"
      try Files.write("this is no tarball".utf8, to: path)
      let failure = await #expect(throws: Failure.self) { try await store(folder).kernel(.archive(path)) }
      #expect(failure?.status == .input)
      #expect(Files.names(in: folder + "/cache/kernels") == [".lock"])
    }
  }

  @Test func whatAKilledImportLeftIsRemoved() async throws {
    try await withTree { (folder: String) async throws in
      try Files.makeFolder(folder + "/cache/kernels/.import-dead/tree")
      _ = try await store(folder).kernel(.folder(folder + "/tree"))
      #expect(!Files.exists(folder + "/cache/kernels/.import-dead"))
    }
  }

  @Test(arguments: ["Unpacking", "Importing"])
  func anImportInterruptedInAnyStepLeavesNothing(_ step: String) async throws {
    try await withTree { (folder: String) async throws in
      let path = try await tarball(folder)
      let progress = Diagnostics.Progress { event in
        guard case .began(let name) = event, name.hasPrefix(step) else { return }
        withUnsafeCurrentTask { $0?.cancel() }
      }
      let store = store(folder, "cache", progress)
      let failure = await #expect(throws: Failure.self) {
        try await Task { try await store.kernel(.archive(path)) }.value
      }
      #expect(failure?.status == .interrupted)
      #expect(Files.names(in: folder + "/cache/kernels") == [".lock"])
    }
  }

  @Test func aCancelledImportLeavesNothing() async throws {
    try await withTree { (folder: String) async throws in
      let store = store(folder)
      let task = Task { try await store.kernel(.folder(folder + "/tree")) }
      task.cancel()
      let failure = await #expect(throws: Failure.self) { try await task.value }
      #expect(failure?.status == .interrupted)
      #expect(Files.names(in: folder + "/cache/kernels").filter { $0 != ".lock" } == [])
    }
  }

  @Test func whatIsNoKernelIsRefused() async throws {
    try await withTree { (folder: String) async throws in
      try Files.remove(folder + "/tree/Kconfig")
      for source in [
        KernelSource.folder(folder + "/tree"), .archive(try await tarball(folder)), .folder(folder + "/none"),
        .archive(folder + "/none.tar"),
      ] {
        let failure = await #expect(throws: Failure.self) { try await store(folder).kernel(source) }
        #expect(failure?.status == .input)
      }
    }
  }

  @Test func aReleaseThatIsNoVersionIsRefusedAtOnce() async throws {
    try await withTree { (folder: String) async throws in
      let failure = await #expect(throws: Failure.self) { try await store(folder).kernel(.release("../x")) }
      #expect(failure?.status == .usage)
    }
  }

  @Test func theCacheIsWhereTheEnvironmentSays() {
    #expect(Cache(environment: ["SERIESMITH_CACHE": "/c", "XDG_CACHE_HOME": "/x", "HOME": "/h"]).root == "/c")
    #expect(Cache(environment: ["XDG_CACHE_HOME": "/x", "HOME": "/h"]).root == "/x/seriesmith")
    #expect(Cache(environment: ["XDG_CACHE_HOME": "x", "HOME": "/h"]).root == "/h/.cache/seriesmith")
    #expect(Cache(environment: ["SERIESMITH_CACHE": "", "HOME": "/h"]).folder("lanes") == "/h/.cache/seriesmith/lanes")
  }
}
