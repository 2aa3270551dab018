import Foundation

/// Times the command as whole processes, next to other tools that do the same, and compares each figure with its bound.
///
/// Works in a cache folder of its own (`BENCH_CACHE`), parts of which it empties. The kernel, the lanes and the clone
/// to rebase stay there for the next time. Arguments name the parts to measure.
@main struct Bench {
  static func main() async {
    do {
      let package = FileManager.default.currentDirectoryPath
      let bench = Bench(
        package: package, seriesmith: package + "/.build/release/seriesmith",
        series: package + "/patches/iova_to_phys_length",
        cache: environment["BENCH_CACHE"] ?? home + "/.cache/seriesmith-bench")
      exit(try await bench.run(Array(CommandLine.arguments.dropFirst())) ? 0 : 1)
    } catch {
      FileHandle.standardError.write(Data("error: \(error)\n".utf8))
      exit(70)
    }
  }

  private static var environment: [String: String] { ProcessInfo.processInfo.environment }
  private static var home: String { FileManager.default.homeDirectoryForCurrentUser.path }

  let package: String
  let seriesmith: String
  let series: String
  let cache: String

  /// Measures the named parts, or all, and returns whether every figure keeps its bound.
  private func run(_ names: [String]) async throws -> Bool {
    try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
    let parts: [(name: String, measure: (Kernel) async throws -> [Figure])] = [
      ("generate", generation), ("apply", application), ("scan", scan), ("memory", memory), ("verify", verification),
      ("rebase", rebase),
    ]
    if let unknown = names.first(where: { name in !parts.contains { $0.name == name } }) {
      throw Shell.Failure(
        description: "there is no part '\(unknown)'; the parts are \(parts.map(\.name).joined(separator: ", "))")
    }
    let kernel = try await Kernel(try await importedKernel(), in: cache)
    var figures: [Figure] = []
    for part in parts where names.isEmpty || names.contains(part.name) { figures += try await part.measure(kernel) }
    print("")
    for figure in figures { print(figure.row) }
    return figures.allSatisfy(\.holds)
  }

  private func importedKernel() async throws -> String {
    let output = try await Shell.output(seriesmith, ["kernel"], environment: ["SERIESMITH_CACHE": cache])
    return output.split(separator: "\n").last.map(String.init) ?? ""
  }

  /// The command's wall time in seconds.
  func seriesmith(
    _ arguments: [String], cache: String? = nil, accepting statuses: Set<Int32> = [0]
  ) async throws -> Double {
    try await Shell.time(
      seriesmith, arguments, environment: ["SERIESMITH_CACHE": cache ?? self.cache], accepting: statuses)
  }

  /// Removes a folder of the cache.
  func empty(_ folder: String) throws {
    let path = "\(cache)/\(folder)"
    if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
  }
}

extension Double {
  /// "21.4 s"
  var seconds: String { String(format: "%.1f s", self) }
  /// "0.081 s"
  var milliseconds: String { String(format: "%.3f s", self) }
}
