import Foundation

extension Bench {
  /// Applies the nine patches in memory, against `git am` in a work tree, and to the kernel, against a small tree.
  func application(_ kernel: Kernel) async throws -> [Figure] {
    let excerpt = try await kernel.excerpt(of: 1000, with: try Kernel.files(series))
    let patches = try Kernel.patches(series)
    func am() async throws -> Double {
      try await kernel.reset()
      return try await Shell.time("git", kernel.git + ["am", "--quiet"] + patches)
    }
    func verify(_ repository: String) async throws -> Double {
      try await seriesmith(["verify", series, "--depth", "apply", "--tree", repository])
    }
    func apply(_ repository: String) throws -> Double { try InProcess.apply(patches, to: repository) }
    _ = (try await verify(excerpt), try apply(excerpt))

    let applied = try await Race.run(7, ours: { try apply(kernel.repository) }, theirs: am)
    print(applied.text("apply in memory", "git am"))
    let verified = try await Race.run(7, ours: { try await verify(kernel.repository) }, theirs: am)
    print(verified.text("verify --depth apply", "git am"))
    try await kernel.reset()
    let trees = try await Race.run(25, ours: { try apply(excerpt) }, theirs: { try apply(kernel.repository) })
    print(trees.text("apply in memory to a tree of 1,000 files", "to the kernel"))
    let whole = try await Race.run(
      15, ours: { try await verify(excerpt) }, theirs: { try await verify(kernel.repository) })
    print(whole.text("verify --depth apply in a tree of 1,000 files", "in the kernel"))
    return [
      Figure(
        name: "apply: git am against applying in memory", value: applied.ratio, bound: 30, isLeast: true, unit: "times"),
      Figure(
        name: "apply: git am against verify --depth apply, a whole process", value: verified.ratio, bound: 10,
        isLeast: true, unit: "times"),
      Figure(name: "apply: the kernel against a tree of 1,000 files", value: trees.ratio, bound: 1.5, unit: "times"),
      Figure(
        name: "apply: the same by verify --depth apply, a whole process", value: whole.ratio, bound: 1.5, unit: "times"),
    ]
  }
}
