public import Diagnostics
import FoundationEssentials
public import Processes
import Support

/// The kernel's own build system, driven to prepare lanes and to build single units in them.
public struct Kbuild: Sendable {
  /// The path of the cache folder.
  let cache: String
  let progress: Progress
  /// How many compilers `make` may run at once.
  let jobs: Int
  /// Compiles single units; nil to run the compiler directly.
  let launcher: Launcher?
  /// Contains make and the compilers; nil for no sandbox.
  public let sandbox: Sandbox?

  /// Sets up Kbuild over a cache folder, which need not exist yet.
  ///
  /// - Parameters:
  ///   - cache: the path of the cache folder; lanes are kept in its folder `lanes`.
  ///   - jobs: how many compilers one `make` may run at once.
  ///   - launcher: compiles single units. Kbuild's own runs, and all runs in a sandbox, do without it.
  ///   - sandbox: contains make and the compilers, which can then write only the lane's folder or their scratch folder.
  public init(cache: String, progress: Progress, jobs: Int, launcher: Launcher? = nil, sandbox: Sandbox? = nil) {
    self.cache = cache
    self.progress = progress
    self.jobs = max(1, jobs)
    self.launcher = launcher
    self.sandbox = sandbox
  }

  /// The sandbox of a command that reads a source tree and writes one folder.
  func sandbox(reading source: SourceTree, writing folder: String) -> Sandbox? {
    guard var sandbox else { return nil }
    sandbox.readable = [cache, source.path]
    sandbox.writable = [folder]
    return sandbox
  }

  /// A `make` command with fixed build stamps that sees of the user's environment only what `environment` passes on.
  func make(
    _ lane: Lane, source: SourceTree, build: String, _ goals: [String], keepGoing: Bool = false,
    environment: [String: String] = [:]
  ) -> Command {
    let variables =
      ["O=\(build)", "ARCH=\(lane.arch)"] + lane.toolchain
      + ["KBUILD_BUILD_USER=seriesmith", "KBUILD_BUILD_HOST=localhost", "KBUILD_BUILD_TIMESTAMP=2026-01-01"]
    var sandbox = sandbox(reading: source, writing: build)
    // A build that put a link in place of this folder would have us write our records elsewhere.
    sandbox?.kept = [LaneRecords.folder(in: build)].filter(Files.exists)
    return Command(
      "make", ["-C", source.path, "-j\(jobs)", "--output-sync=target"] + (keepGoing ? ["-k"] : []) + variables + goals,
      environment: Self.environment.merging(environment) { $1 }, clearEnvironment: true,
      sandbox: sandbox)
  }

  /// The variables that make and the compilers inherit.
  static var environment: [String: String] {
    let own = ProcessInfo.processInfo.environment
    var result = ["LC_ALL": "C", "PATH": own["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"]
    for name in ["HOME", "TMPDIR"] { result[name] = own[name] }
    return result
  }

  /// Acquires the lock of a lane's folder: only one make may work in it.
  func lock(_ build: String, _ lane: Lane) async throws(Failure) -> FileLock {
    try await FileLock.acquire(build + ".lock", against: "using the lane \(lane.name)", progress: progress)
  }
}
