import Foundation
import GitBinary
import Processes
import Support
import Testing

@Suite struct CacheCommandTests {
  /// A cache with an entry of every kind, and the repository from which two of them can be rebuilt.
  private final class Filled {
    private let repository: ScratchRepository
    let cache: String
    let tree: String
    private var verdict: String { cache + "/verdicts/ab/cdef" }

    init() async throws {
      repository = try ScratchRepository()
      cache = repository.path + "/.git/cache"
      try repository.write("int a;\n", to: "a.c")
      try repository.commit()
      try repository.write("int b;\n", to: "a.c")
      try repository.commit()
      tree = try repository.tree("HEAD~1")
      try await use()
      for entry in ["kernels/7.1.3.git", "lanes/arm-0123"] { try Files.makeFolder("\(cache)/\(entry)") }
      try Files.makeFolder(cache + "/verdicts/ab")
      try Files.write([UInt8](repeating: 1, count: 9000), to: verdict)
      try Files.write([], to: cache + "/lanes/arm-0123.lock")
      try Files.write([], to: cache + "/kernels/.lock")
    }

    /// Verifies the last commit, which uses a checkout and an index.
    func use() async throws {
      let run = try await Command.seriesmith(
        ["verify", "HEAD~1..HEAD", "--tree", repository.path, "--depth", "structure"], environment: environment)
      try #require(run.status == 0, "\(run.error)")
    }

    func run(_ arguments: String...) async throws -> Command.Result {
      let result = try await Command.seriesmith(["cache"] + arguments, environment: environment)
      #expect(result.status == 0, "\(result.error)")
      return result
    }

    private var environment: [String: String] { ["SERIESMITH_CACHE": cache] }

    var entries: [String] {
      ["kernels/7.1.3.git", "trees/\(tree)", "indexes/\(tree)", "lanes/arm-0123", "verdicts/ab/cdef"]
    }

    var left: [String] { entries.filter { Files.exists("\(cache)/\($0)") } }

    /// Makes everything look unused for this many days.
    func age(_ days: Double) throws {
      for entry in left {
        let date = Date().addingTimeInterval(-86_400 * days)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: "\(cache)/\(entry)")
      }
    }
  }

  @Test func showsWhatThereIs() async throws {
    let filled = try await Filled()
    let lines = try await filled.run().output.split(separator: "\n").map(String.init)
    func line(_ part: String) -> String { lines.first { $0.hasPrefix(part + " ") } ?? "" }
    #expect(line("kernels").contains("  1 "))
    #expect(line("lanes").contains("  1 "))
    #expect(line("trees").contains("  1 "))
    #expect(line("indexes").contains("  1 "))
    #expect(line("verdicts").contains("12.0 KiB"), "\(lines)")
    #expect(line("scratch").contains("  0 "))
    #expect(lines.last?.hasSuffix(" in \(filled.cache)") == true)
  }

  @Test func showsAnEmptyCacheAsEmpty() async throws {
    try await withScratchFolder { folder in
      let result = try await Command.seriesmith(["cache"], environment: ["SERIESMITH_CACHE": folder + "/none"])
      #expect(result.status == 0)
      #expect(result.output.hasSuffix("\n0 B in \(folder)/none\n"))
      #expect(!Files.exists(folder + "/none"))
    }
  }

  @Test func prunesWhatWasNotUsed() async throws {
    let filled = try await Filled()
    try filled.age(31)
    try await filled.use()
    #expect(try await filled.run("prune").output.hasPrefix("freed "))
    #expect(filled.left == ["kernels/7.1.3.git", "trees/\(filled.tree)", "indexes/\(filled.tree)"])
    #expect(Files.names(in: filled.cache + "/lanes") == [])
    #expect(Files.names(in: filled.cache + "/scratch") == [])
  }

  @Test func prunesKernelsWhereAskedOnly() async throws {
    let filled = try await Filled()
    #expect(try await filled.run("prune", "--days", "0").output.hasPrefix("freed "))
    #expect(filled.left == ["kernels/7.1.3.git"])
    _ = try await filled.run("prune", "--days", "1", "--kernels")
    #expect(filled.left == ["kernels/7.1.3.git"])
    _ = try await filled.run("prune", "--days", "0", "--kernels")
    #expect(filled.left == [])
    #expect(try await filled.run("prune", "--days", "0").output == "freed 0 B\n")
  }

  @Test func leavesWhatIsInUse() async throws {
    let filled = try await Filled()
    // As a run marks what it uses, and locks what it makes.
    #expect(FileUse.begin("\(filled.cache)/trees/\(filled.tree)"))
    let lane = try await FileLock.acquire(filled.cache + "/lanes/arm-0123.lock")
    let kernels = try await FileLock.acquire(filled.cache + "/kernels/.lock")
    _ = try await filled.run("prune", "--days", "0", "--kernels")
    #expect(filled.left == ["kernels/7.1.3.git", "trees/\(filled.tree)", "lanes/arm-0123"])
    _ = consume lane
    _ = consume kernels
    _ = try await filled.run("prune", "--days", "0", "--kernels")
    #expect(filled.left == ["trees/\(filled.tree)"])
  }

  @Test func removesWhatKilledRunsLeftAtAnyAge() async throws {
    let filled = try await Filled()
    try Files.makeFolder(filled.cache + "/scratch/dead")
    try Files.write([1], to: filled.cache + "/scratch/dead/object")
    try Files.write([], to: filled.cache + "/scratch/gone.lock")
    let lock = try await FileLock.acquire(filled.cache + "/scratch/alive.lock")
    try Files.makeFolder(filled.cache + "/scratch/alive")
    _ = try await filled.run("prune")
    #expect(Files.names(in: filled.cache + "/scratch") == ["alive", "alive.lock"])
    #expect(filled.left == filled.entries)
    _ = consume lock
  }

  @Test func refusesANegativeAge() async throws {
    let result = try await Command.seriesmith(["cache", "prune", "--days=-1"])
    #expect(result.status == 64)
    #expect(result.error.contains("--days must be 0 or more"))
  }
}
