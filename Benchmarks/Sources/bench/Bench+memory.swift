import Foundation

extension Bench {
  /// The command's own peak memory, on a tree that it does not know yet, and when verifying it again.
  func memory(_ kernel: Kernel) async throws -> [Figure] {
    let folder = "\(cache)/memory"
    let runs: [(name: String, arguments: [String])] = [
      ("generate", ["generate", "iova_to_phys_length", "--output", "\(cache)/generated"]),
      ("scan", ["scan", "iova_to_phys_length"]),
      ("verify", ["verify", series, "--depth", "structure"]),
    ]
    var figures: [Figure] = []
    for run in runs {
      try empty("memory")
      let peak = try await Shell.peak(
        seriesmith, run.arguments + ["--tree", kernel.repository], environment: ["SERIESMITH_CACHE": folder])
      figures.append(Figure(name: "memory: \(run.name), new tree", value: peak / 1e6, bound: 200, unit: "MB"))
    }
    // With everything planned and compiled, then with everything read from the store.
    let arguments = ["verify", series, "--tree", kernel.repository, "--lane", "arm"]
    try empty("verdicts")
    for state in ["everything compiled", "everything known"] {
      let peak = try await Shell.peak(
        seriesmith, arguments, environment: ["SERIESMITH_CACHE": cache], accepting: [0, 1])
      figures.append(Figure(name: "memory: verify, \(state)", value: peak / 1e6, bound: 200, unit: "MB"))
    }
    try empty("memory")
    return figures
  }
}
