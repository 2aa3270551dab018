import Foundation

/// What kernel developers do without this tool: `git rebase -x make` over the commits.
///
/// It starts where `verify` does: from a configured and prepared build folder of the same configuration. What one run
/// built the next one finds, as make does.
struct Rebase {
  private let tree: String
  private let git: [String]
  private let make: [String]

  /// What the series changes, as make is told to build it.
  private static let goals = [
    "drivers/iommu/", "drivers/vfio/", "drivers/gpu/drm/panfrost/", "drivers/gpu/drm/panthor/",
  ]

  /// Clones the kernel, and configures and prepares a build folder.
  init(kernel: String, folder: String, lane: String) async throws {
    tree = "\(folder)/rebased"
    let build = "\(folder)/rebased-build"
    for path in [tree, build] where FileManager.default.fileExists(atPath: path) {
      try FileManager.default.removeItem(atPath: path)
    }
    let jobs = ProcessInfo.processInfo.activeProcessorCount
    git = ["-c", "user.name=bench", "-c", "user.email=bench@localhost", "-C", tree]
    make = ["make", "-s", "-j\(jobs)", "-C", tree, "O=\(build)", "ARCH=\(lane)", "LLVM=-19"]
    try await Shell.time("git", ["clone", "--quiet", "--shared", kernel, tree])
    try await Shell.time("git", git + ["tag", "base"])
    try FileManager.default.createDirectory(atPath: build, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: try Self.configuration(lane, folder), toPath: build + "/.config")
    try await Shell.time(make[0], Array(make.dropFirst()) + ["olddefconfig", "prepare"])
  }

  /// Seconds of wall time from the first commit of a series to the last.
  func run(_ series: String) async throws -> Double {
    try await Shell.time("git", git + ["checkout", "--quiet", "-B", "rebased", "base"])
    let patches = try FileManager.default.contentsOfDirectory(atPath: series).filter { $0.hasSuffix(".patch") }.sorted()
    let files = patches.filter { !$0.hasPrefix("0000") }.map { "\(series)/\($0)" }
    try await Shell.time("git", git + ["am", "--quiet"] + files)
    let command = (make + Self.goals).joined(separator: " ")
    return try await Shell.time("git", git + ["rebase", "--quiet", "--no-ff", "-x", command, "base"])
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
