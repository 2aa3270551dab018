import Foundation

/// What kernel developers do without this tool: `git rebase -x make` over the commits.
///
/// It starts where `verify` does: from a configured and prepared build folder of the same configuration.
struct Rebase {
  let kernel: String
  let series: String
  let folder: String
  let lane: String
  let seriesmith: String

  /// What the series changes, as make is told to build it.
  private static let goals = [
    "drivers/iommu/", "drivers/vfio/", "drivers/gpu/drm/panfrost/", "drivers/gpu/drm/panthor/",
  ]

  /// Seconds of wall time from the first commit to the last.
  func run() async throws -> Double {
    let tree = "\(folder)/rebased"
    let build = "\(folder)/rebased-build"
    for path in [tree, build] where FileManager.default.fileExists(atPath: path) {
      try FileManager.default.removeItem(atPath: path)
    }
    let git = ["-c", "user.name=bench", "-c", "user.email=bench@localhost", "-C", tree]
    try await Shell.time("git", ["clone", "--quiet", "--shared", kernel, tree])
    try await Shell.time("git", git + ["tag", "base"])
    let patches = try FileManager.default.contentsOfDirectory(atPath: series).filter { $0.hasSuffix(".patch") }.sorted()
    let files = patches.filter { !$0.hasPrefix("0000") }.map { "\(series)/\($0)" }
    try await Shell.time("git", git + ["am", "--quiet"] + files)
    try await Shell.time("git", git + ["checkout", "--quiet", "-B", "rebased"])

    try FileManager.default.createDirectory(atPath: build, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: try configuration(), toPath: build + "/.config")
    let jobs = ProcessInfo.processInfo.activeProcessorCount
    let make = ["make", "-s", "-j\(jobs)", "-C", tree, "O=\(build)", "ARCH=\(lane)", "LLVM=-19"]
    try await Shell.time("git", git + ["checkout", "--quiet", "base"])
    try await Shell.time(make[0], Array(make.dropFirst()) + ["olddefconfig", "prepare"])
    try await Shell.time("git", git + ["checkout", "--quiet", "rebased"])
    let command = (make + Self.goals).joined(separator: " ")
    return try await Shell.time("git", git + ["rebase", "--quiet", "--no-ff", "-x", command, "base"])
  }

  /// The configuration of the lane that `verify` prepared.
  private func configuration() throws -> String {
    let lanes = "\(folder)/lanes"
    let names = try FileManager.default.contentsOfDirectory(atPath: lanes).filter { $0.hasPrefix("\(lane)-") }
    for name in names.sorted() {
      let path = "\(lanes)/\(name)/.config"
      if FileManager.default.fileExists(atPath: path) { return path }
    }
    throw Shell.Failure(description: "no lane \(lane) is prepared in \(lanes)")
  }
}
