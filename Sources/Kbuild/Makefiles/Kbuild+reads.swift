public import Diagnostics
import Support

extension Kbuild {
  /// The files among `paths` that Kbuild itself reads in a lane: Kconfig files when it configures the lane, makefiles
  /// when it looks for what to build, and the sources, scripts and tables of what it generates and runs.
  ///
  /// - Throws: `Failure(.unavailable)` when make fails; `Failure(.interrupted)`.
  public func filesRead(among paths: [String], in lane: PreparedLane) async throws(Failure) -> Set<String> {
    let (makefiles, others) = paths.partitioned(Self.isMakefile)
    return try await makefilesRead(among: makefiles, in: lane).union(Self.filesNamed(among: others, in: lane))
  }

  private func makefilesRead(among paths: [String], in lane: PreparedLane) async throws(Failure) -> Set<String> {
    guard !paths.isEmpty else { return [] }
    // Every makefile that is not of a folder, such as scripts/Makefile.lib, is read for some folder.
    let folders = Set(paths.map(Self.folder).filter { !$0.isEmpty && !$0.hasPrefix("scripts") } + ["init"])
    let lock = try await lock(lane.build, lane.lane)
    defer { _ = lock }
    let read = try await units(of: folders, in: lane).values.flatMap(\.makefiles)
    let known = Set(
      read.map {
        TreePaths.normalized($0.hasPrefix(lane.source.path) ? $0.dropFirst(lane.source.path.count + 1) : $0[...])
      }
    ).union(["Makefile", "arch/\(lane.lane.architectureFolder)/Makefile"])
    return known.intersection(paths)
  }

  /// The files that Kconfig has read, or that a command file of the lane's build folder names.
  private static func filesNamed(among paths: [String], in lane: PreparedLane) -> Set<String> {
    guard !paths.isEmpty else { return [] }
    var open = Set(paths)
    for name in Files.paths(below: lane.build) where name.hasSuffix(".cmd") && !open.isEmpty {
      let words = (Files.read("\(lane.build)/\(name)") ?? []).split { " \t\n:;()'\"=".utf8.contains($0) }
      let named = Set(words.map { String(decoding: $0, as: UTF8.self) })
      open = open.filter { !named.contains($0) && !named.contains("\(lane.source.path)/\($0)") }
    }
    return Set(paths).subtracting(open)
  }

  private static func isMakefile(_ path: String) -> Bool {
    let name = MakefileIndex.last(path)
    return name.hasPrefix("Makefile") || name.hasPrefix("Kbuild") || name.hasSuffix(".mk")
  }

  private static func folder(_ path: String) -> String { MakefileIndex.folder(path) }
}
