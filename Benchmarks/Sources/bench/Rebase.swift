import Foundation

/// What kernel developers do without this tool: `git rebase -x make` over the commits.
///
/// It starts where `verify` does: from a prepared build folder with the same configuration. As usual with make, each
/// run builds on the results of the one before.
struct Rebase {
  private let kernel: Kernel
  private let build: String
  private let make: [String]
  private let lane: String

  /// The folders that the series changes, for a developer who trusts that nothing else breaks.
  static let folders = [
    "drivers/iommu/", "drivers/vfio/", "drivers/gpu/drm/panfrost/", "drivers/gpu/drm/panthor/",
  ]

  /// Configures and prepares a build folder.
  init(_ kernel: Kernel, folder: String, lane: String) async throws {
    self.kernel = kernel
    self.lane = lane
    build = "\(folder)/rebased-build"
    if FileManager.default.fileExists(atPath: build) { try FileManager.default.removeItem(atPath: build) }
    let jobs = ProcessInfo.processInfo.activeProcessorCount
    make = ["make", "-s", "-j\(jobs)", "-C", kernel.workTree, "O=\(build)", "ARCH=\(lane)", "LLVM=-19"]
    try await kernel.reset()
    try FileManager.default.createDirectory(atPath: build, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: try Self.configuration(lane, folder), toPath: build + "/.config")
    try await Shell.time(make[0], Array(make.dropFirst()) + ["olddefconfig", "prepare"])
  }

  /// Builds and returns the objects of this configuration whose sources include a header that the series changes,
  /// directly or through other headers.
  func includers(_ series: String) async throws -> [String] {
    try await kernel.reset()
    let headers = try Kernel.files(series).filter { $0.hasSuffix(".h") }
    let objects = try await sources(including: headers).map { "\($0.dropLast(2)).o" }
    _ = try await Shell.time(make[0], Array(make.dropFirst()) + ["--keep-going"] + objects, accepting: [0, 2])
    return objects.filter { FileManager.default.fileExists(atPath: "\(build)/\($0)") }
  }

  private func sources(including headers: Set<String>) async throws -> [String] {
    var sources: Set<String> = []
    var known: Set<String> = []
    var new = headers
    while !new.isEmpty {
      known.formUnion(new)
      var found: [Substring] = []
      for (folder, lines) in Dictionary(grouping: new.map(inclusion), by: \.folder).mapValues({ $0.map(\.line) }) {
        found += try await Shell.output(
          "git",
          kernel.git + ["grep", "--files-with-matches", "--fixed-strings"] + lines.flatMap { ["-e", $0] }
            + ["--", folder + "*.c", folder + "*.h"], accepting: [0, 1]
        ).split(separator: "\n")
      }
      sources.formUnion(found.filter { $0.hasSuffix(".c") }.map(String.init))
      new = Set(found.filter { $0.hasSuffix(".h") }.map(String.init)).subtracting(known)
    }
    return sources.sorted()
  }

  /// The line that includes a header, and the folder whose sources can include it so.
  private func inclusion(of header: String) -> (folder: String, line: String) {
    for prefix in ["include/", "arch/\(lane)/include/"] where header.hasPrefix(prefix) {
      return ("", "#include <\(header.dropFirst(prefix.count))>")
    }
    let name = (header as NSString).lastPathComponent
    return (String(header.dropLast(name.count)), "#include \"\(name)\"")
  }

  /// The wall time in seconds to make these goals at every commit of a series.
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
