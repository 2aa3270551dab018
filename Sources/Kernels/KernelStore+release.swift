import Diagnostics
import FoundationEssentials
import Processes
import Support

extension KernelStore {
  /// The newest release that equals or begins with `wanted`, or, if allowed, a fallback.
  func release(_ wanted: String, orFallback: Bool) async throws(Failure) -> Kernel {
    guard wanted.first?.isNumber == true, wanted.allSatisfy({ $0.isNumber || $0.isLetter || ".-".contains($0) }) else {
      throw Failure(.usage, "'\(wanted)' is not a kernel version", notes: ["expected something like 7.1.3 or 7.2"])
    }
    if let kernel = try await existing(wanted) { return kernel }
    return try await withWorkFolder { (temporary) async throws(Failure) in
      // Another run may have imported it while this one waited for the lock.
      if let kernel = try await existing(wanted) { return kernel }
      do throws(Failure) {
        return try await obtain(wanted, orFallback: orFallback, in: temporary)
      } catch {
        guard error.status == .unavailable, let kernel = try await stored(wanted, orFallback: orFallback) else {
          throw error
        }
        return kernel
      }
    }
  }

  private struct Choice {
    var version: DebianVersion
    /// The binary package to take it from; nil for the source package.
    var binary: SourceBinary?
    var fallback: String?

    var summary: String? { version.description }

    /// The repository's name in the cache. A kernel with Debian's patches has a name of its own.
    var name: String { binary == nil ? version.release : "\(version.release)+debian" }
  }

  /// Where to look for a release, in this order.
  private enum Stage: CaseIterable {
    case firstSuite, allSuites, binaries, fallbacks
  }

  /// Imports the first choice that can be downloaded: an index may name a tarball that its mirror has already dropped.
  private func obtain(_ wanted: String, orFallback: Bool, in temporary: String) async throws(Failure) -> Kernel {
    let archive = DebianArchive(folder: temporary + "/apt")
    var versions: [DebianVersion] = []
    var gone: Failure?
    for stage in Stage.allCases where stage != .fallbacks || orFallback {
      // For a full version the first suite is enough if it has it; "7.2" needs the versions of every suite.
      if stage == .firstSuite, wanted.split(separator: ".").count < 3 { continue }
      let choices = try await progress.step("Looking for Linux \(wanted)", outcome: \.first?.summary) {
        () async throws(Failure) in
        try await self.choices(stage, wanted, in: archive, versions: &versions)
      }
      for choice in choices {
        do throws(Failure) {
          var kernel: Kernel
          if let known = try await existing(choice.name) {
            kernel = known
          } else {
            kernel = try await fetch(choice, from: archive, in: temporary)
          }
          kernel.fallback = choice.fallback
          return kernel
        } catch {
          guard error.findings.contains(where: { $0.notes.contains { $0.contains(" 404 ") } }) else { throw error }
          progress.report(.note("the mirror no longer has Linux \(choice.version.release)"))
          gone = gone ?? error
        }
      }
    }
    throw gone
      ?? Failure(
        .input, "no Debian suite has Linux \(wanted)",
        notes: ["available: " + Selection.releases(versions).joined(separator: ", ")])
  }

  private func choices(
    _ stage: Stage, _ wanted: String, in archive: DebianArchive, versions: inout [DebianVersion]
  ) async throws(Failure) -> [Choice] {
    switch stage {
    case .firstSuite:
      return Selection.matching(wanted, of: try await archive.versions(all: false)).map { Choice(version: $0) }
    case .allSuites:
      versions = try await archive.versions(all: true)
      return Selection.matching(wanted, of: versions).map { Choice(version: $0) }
    case .binaries:
      let binaries = try await archive.withBinaries.binaries()
      return Selection.matching(wanted, of: binaries.map(\.version)).map { version in
        Choice(
          version: version, binary: binaries.first { $0.version == version },
          fallback: "the pristine Linux \(version.release) is not in Debian's archive; this one has Debian's patches"
        )
      }
    case .fallbacks:
      return Selection.fallbacks(wanted, of: versions).map { version in
        Choice(
          version: version,
          fallback: "Linux \(wanted) is no longer in Debian's archive; this is \(version.release)")
      }
    }
  }

  private func fetch(
    _ choice: Choice, from archive: DebianArchive, in temporary: String
  ) async throws(Failure) -> Kernel {
    let version = choice.version
    let release = version.release
    let tarball = try await progress.step("Downloading Linux \(release)") { () async throws(Failure) in
      if let binary = choice.binary { return try await archive.withBinaries.tarball(of: binary) }
      return try await archive.tarball(of: version)
    }
    let tree = temporary + "/tree"
    try await progress.step("Unpacking Linux \(release)", usually: "a minute") { () async throws(Failure) in
      try await Unpack.tarball(tarball, into: tree)
      try Files.remove(tarball)
    }
    return try await importTree(tree, origin: "linux \(version)", name: choice.name, in: temporary)
  }

  /// The newest kernel in the cache that can replace `wanted` when the archive cannot be reached.
  private func stored(_ wanted: String, orFallback: Bool) async throws(Failure) -> Kernel? {
    let versions = Files.names(in: folder).filter { $0.hasSuffix(".git") && !$0.contains("-") && !$0.contains("+") }
      .map { DebianVersion($0.dropLast(4)) }
    let version =
      (Selection.matching(wanted, of: versions) + (orFallback ? Selection.fallbacks(wanted, of: versions) : [])).first
    guard let version, var kernel = try await existing(version.release) else { return nil }
    kernel.fallback = "Debian's archive cannot be reached; this is \(kernel.release) from the cache"
    return kernel
  }
}
