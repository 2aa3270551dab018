public import Diagnostics
import FoundationEssentials
import Processes
import Support

/// The result of building a whole kernel.
public enum ImageBuild: Sendable, Hashable {
  /// The goal is built.
  case built
  /// The kernel does not build; `lines` is make's output from the first error on, at most 20 lines.
  case failed(lines: [String])
}

extension Kbuild {
  /// Identifies the lane's toolchain: the path of the compiler and its version.
  ///
  /// - Throws: `Failure(.unavailable)` naming the missing programs.
  public func toolchainIdentity(of lane: Lane) async throws(Failure) -> String {
    let toolchain = Toolchain(lane)
    try toolchain.require(for: lane)
    return try await toolchain.identity()
  }

  /// Builds a whole kernel with the lane's configuration. Unlike a prepared lane's, the source files may have changed since
  /// the last build; make rebuilds what is older than they are.
  ///
  /// - Parameters:
  ///   - goal: make's goal: "bzImage".
  ///   - build: the folder Kbuild writes to; nothing else may use it meanwhile.
  /// - Throws: `Failure(.unavailable)` when the kernel cannot be configured. A kernel that does not compile is not an
  ///   error.
  public func image(
    _ goal: String, of lane: Lane, source: SourceTree, in build: String
  ) async throws(Failure) -> ImageBuild {
    try Files.makeFolder(build)
    // Kconfig does not rewrite a configuration that stays the same.
    try await configure(PreparedLane(lane: lane, source: source, build: build, identity: ""))
    let command = make(lane, source: source, build: build, [goal])
    let outcome = try await run(command)
    switch outcome.termination {
    case .exited(0): return .built
    case .exited:
      // The first error is the cause; what later jobs print does not help.
      let lines = outcome.errorText.split(separator: "\n").map(String.init)
      let first = lines.firstIndex { $0.contains("error:") || $0.contains("ERROR:") }
      return .failed(lines: Array(lines[(first ?? max(0, lines.count - 20))...].prefix(20)))
    case .signalled, .timedOut:
      throw failure(of: command, outcome, to: "build the kernel")
    }
  }

  /// Installs the user-space headers.
  ///
  /// - Returns: the path of the include folder.
  /// - Throws: `Failure(.unavailable)` when make fails.
  public func programHeaders(of lane: Lane, source: SourceTree, in build: String) async throws(Failure) -> String {
    try Files.makeFolder(build)
    try await requireSuccess(
      make(lane, source: source, build: build, ["headers"]), to: "install the kernel's headers")
    return build + "/usr/include"
  }

  /// The files of the source tree that any command in the build folder read, as paths in the tree.
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
