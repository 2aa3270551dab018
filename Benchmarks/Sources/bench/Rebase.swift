import Foundation

/// What kernel developers do without this tool: `git rebase -x make` over the commits.
///
/// It starts where `verify` does: from a configured and prepared build folder of the same configuration. What one run
/// built the next one finds, as make does.
struct Rebase {
  private let kernel: Kernel
  private let make: [String]

  /// What the series changes, as make is told to build it.
  private static let goals = [
    "drivers/iommu/", "drivers/vfio/", "drivers/gpu/drm/panfrost/", "drivers/gpu/drm/panthor/",
  ]

  /// Configures and prepares a build folder.
  init(_ kernel: Kernel, folder: String, lane: String) async throws {
    self.kernel = kernel
    let build = "\(folder)/rebased-build"
    if FileManager.default.fileExists(atPath: build) { try FileManager.default.removeItem(atPath: build) }
    let jobs = ProcessInfo.processInfo.activeProcessorCount
    make = ["make", "-s", "-j\(jobs)", "-C", kernel.workTree, "O=\(build)", "ARCH=\(lane)", "LLVM=-19"]
    try await kernel.reset()
    try FileManager.default.createDirectory(atPath: build, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: try Self.configuration(lane, folder), toPath: build + "/.config")
    try await Shell.time(make[0], Array(make.dropFirst()) + ["olddefconfig", "prepare"])
  }

  /// Seconds of wall time from the first commit of a series to the last.
  func run(_ series: String) async throws -> Double {
    try await kernel.reset()
    try await Shell.time("git", kernel.git + ["am", "--quiet"] + (try Kernel.patches(series)))
    let command = (make + Self.goals).joined(separator: " ")
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
