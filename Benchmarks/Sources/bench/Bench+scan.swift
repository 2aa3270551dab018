import Foundation

extension Bench {
  /// Takes inventory of the whole tree, against a `git grep` for the same words.
  func scan(_ kernel: Kernel) async throws -> [Figure] {
    let words = Self.words.flatMap { ["-e", $0] }
    func grep() async throws -> Double {
      try await Shell.time(
        "git", ["-C", kernel.repository, "grep", "--line-number", "--word-regexp"] + words + ["HEAD"])
    }
    func scan() async throws -> Double {
      try await seriesmith(["scan", "iova_to_phys_length", "--tree", kernel.repository], cache: "\(cache)/scan")
    }
    // Warms the page cache for both.
    _ = try await grep()
    let cold = try await Race.run(
      7,
      ours: {
        try empty("scan")
        return try await scan()
      }, theirs: grep)
    print(cold.text("scan of a new tree", "git grep"))
    let warm = try await Race.run(7, ours: scan, theirs: grep)
    print(warm.text("scan of a known tree", "git grep"))
    return [
      Figure(name: "scan: git grep against scan, new tree", value: cold.ratio, bound: 1, isLeast: true, unit: "times"),
      Figure(
        name: "scan: git grep against scan, known tree", value: warm.ratio, bound: 50, isLeast: true, unit: "times"),
    ]
  }
}
