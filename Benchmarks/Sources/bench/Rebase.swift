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

  /// The objects, of what this configuration can build, whose sources include a header that the series changes. The
  /// sources that get it from another header, which `verify` judges too, are not among them.
  func includers(_ series: String) async throws -> [String] {
    let headers = try Kernel.files(series).compactMap { path in
      path.hasPrefix("include/") ? String(path.dropFirst("include/".count)) : nil
    }
    let lines = headers.sorted().flatMap { ["-e", "#include <\($0)>"] }
    try await kernel.reset()
    let sources = try await Shell.output(
      "git", kernel.git + ["grep", "--files-with-matches", "--fixed-strings"] + lines + ["--", "*.c"])
    let objects = sources.split(separator: "\n").map { "\($0.dropLast(2)).o" }
    _ = try await Shell.time(make[0], Array(make.dropFirst()) + ["--keep-going"] + objects, accepting: [0, 2])
    let built = objects.filter { FileManager.default.fileExists(atPath: "\(build)/\($0)") }
    for object in built { try FileManager.default.removeItem(atPath: "\(build)/\(object)") }
    return built
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
