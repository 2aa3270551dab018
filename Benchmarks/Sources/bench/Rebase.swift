import Foundation

/// What kernel developers do without this tool: `git rebase -x make` over the commits.
///
/// It starts where `verify` does: from a configured and prepared build folder of the same configuration. What one run
/// built the next one finds, as make does.
struct Rebase {
  private let kernel: Kernel
  private let build: String
  private let make: [String]

  /// The folders of what the series changes, for a developer who trusts that nothing else breaks.
  static let folders = [
    "drivers/iommu/", "drivers/vfio/", "drivers/gpu/drm/panfrost/", "drivers/gpu/drm/panthor/",
  ]

  /// Configures and prepares a build folder.
  init(_ kernel: Kernel, folder: String, lane: String) async throws {
    self.kernel = kernel
    build = "\(folder)/rebased-build"
    if FileManager.default.fileExists(atPath: build) { try FileManager.default.removeItem(atPath: build) }
    let jobs = ProcessInfo.processInfo.activeProcessorCount
    make = ["make", "-s", "-j\(jobs)", "-C", kernel.workTree, "O=\(build)", "ARCH=\(lane)", "LLVM=-19"]
    try await kernel.reset()
    try FileManager.default.createDirectory(atPath: build, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: try Self.configuration(lane, folder), toPath: build + "/.config")
    try await Shell.time(make[0], Array(make.dropFirst()) + ["olddefconfig", "prepare"])
  }

  /// Every n-th of the sources that include a header that the series changes, directly or through other headers: the
  /// objects of those that this configuration can build, which are built when this returns.
  func includers(_ series: String, every count: Int) async throws -> [String] {
    try await kernel.reset()
    let sources = try await sources(including: try Kernel.files(series).filter { $0.hasPrefix("include/") })
    let some = sources.enumerated().filter { $0.offset % count == 0 }.map { "\($0.element.dropLast(2)).o" }
    _ = try await Shell.time(make[0], Array(make.dropFirst()) + ["--keep-going"] + some, accepting: [0, 2])
    return some.filter { FileManager.default.fileExists(atPath: "\(build)/\($0)") }
  }

  private func sources(including headers: Set<String>) async throws -> [String] {
    var sources: Set<String> = []
    var known: Set<String> = []
    var new = headers
    while !new.isEmpty {
      known.formUnion(new)
      let lines = new.sorted().flatMap { ["-e", "#include <\($0.dropFirst("include/".count))>"] }
      let found = try await Shell.output(
        "git",
        kernel.git + ["grep", "--files-with-matches", "--fixed-strings"] + lines + ["--", "*.c", "include/*.h"],
        accepting: [0, 1])
      let files = found.split(separator: "\n").map(String.init)
      sources.formUnion(files.filter { $0.hasSuffix(".c") })
      new = Set(files.filter { $0.hasSuffix(".h") }).subtracting(known)
    }
    return sources.sorted()
  }

  /// Seconds of wall time from the first commit of a series to the last, each with these goals.
  func run(_ series: String, goals: [String]) async throws -> Double {
    try await kernel.reset()
    try await Shell.time("git", kernel.git + ["am", "--quiet"] + (try Kernel.patches(series)))
    let command = (make + goals).joined(separator: " ")
    return try await Shell.time("git", kernel.git + ["rebase", "--quiet", "--no-ff", "-x", command, "base"])
  }

  /// The configuration of the lane that `verify` prepared.
  private static func configuration(_ lane: String, _ folder: String) throws -> String {
    let lanes = "\(folder)/lanes"
    let names = try FileManager.default.contentsOfDirectory(atPath: lanes).filter { $0.hasPrefix("\(lane)-") }
    for name in names.sorted() {
      let path = "\(lanes)/\(name)/.config"
      if FileManager.default.fileExists(atPath: path) { return path }
    }
    throw Shell.Failure(description: "no lane \(lane) is prepared in \(lanes)")
  }
}
