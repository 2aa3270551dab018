public import Diagnostics
import FoundationEssentials
import Processes
import Support

/// What came of building a whole kernel.
public enum ImageBuild: Sendable, Hashable {
  case built
  /// It does not build; `lines` are what make printed about it, from the first error on.
  case failed(lines: [String])
}

extension Kbuild {
  /// What tells the lane's toolchain from any other.
  ///
  /// - Throws: `Failure(.unavailable)` naming what is not installed.
  public func toolchainIdentity(of lane: Lane) async throws(Failure) -> String {
    let toolchain = Toolchain(lane)
    try toolchain.require(for: lane)
    return try await toolchain.identity()
  }

  /// Builds a whole kernel as the lane configures it. Unlike those of a prepared lane, the source's files may have changed
  /// since the last time; what is older than them is built again.
  ///
  /// - Parameters:
  ///   - goal: what make is asked for: "bzImage".
  ///   - build: the folder Kbuild writes to, which nobody else uses meanwhile.
  /// - Throws: `Failure(.unavailable)` when the kernel cannot be configured. One that does not compile is a result.
  public func image(
    _ goal: String, of lane: Lane, source: SourceTree, in build: String
  ) async throws(Failure) -> ImageBuild {
    try Files.makeFolder(build)
    // Kconfig leaves a configuration alone that is the same again.
    try await configure(PreparedLane(lane: lane, source: source, build: build, identity: ""))
    let command = make(lane, source: source, build: build, [goal])
    let outcome = try await run(command)
    switch outcome.termination {
    case .exited(0): return .built
    case .exited:
      // What a later job says of it is of no use: the first error is the cause.
      let lines = outcome.errorText.split(separator: "\n").map(String.init)
      let first = lines.firstIndex { $0.contains("error:") || $0.contains("ERROR:") }
      return .failed(lines: Array(lines[(first ?? max(0, lines.count - 20))...].prefix(20)))
    case .signalled, .timedOut:
      throw failure(of: command, outcome, to: "build the kernel")
    }
  }

  /// Installs the headers for programs.
  ///
  /// - Returns: the folder to include from.
  public func programHeaders(of lane: Lane, source: SourceTree, in build: String) async throws(Failure) -> String {
    try Files.makeFolder(build)
    try await requireSuccess(
      make(lane, source: source, build: build, ["headers"]), to: "install the kernel's headers")
    return build + "/usr/include"
  }

  /// The files of the source tree that anything in the build folder was made of, as paths in the tree.
  public func filesRead(source: SourceTree, in build: String) -> Set<String> {
    let paths = TreePaths(source: source.path, build: build)
    var files: Set<String> = []
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: build)) ?? []
    for name in names where name.hasSuffix(".cmd") {
      guard
        let file = Files.read("\(build)/\(name)").flatMap({ CommandFile(String(decoding: $0, as: UTF8.self)) })
      else { continue }
      files.formUnion(file.treeFiles(paths))
    }
    return files
  }
}
