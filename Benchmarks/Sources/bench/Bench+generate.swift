import Foundation

extension Bench {
  /// Generating the nine patches, against a semantic patch and against reading the same files.
  func generation(_ kernel: Kernel) async throws -> [Figure] {
    let generate = [
      "generate", "iova_to_phys_length", "--tree", kernel.repository, "--output", "\(cache)/generated",
    ]
    try await kernel.reset()
    // What any run but the first finds in the cache.
    _ = try await seriesmith(generate)
    let sites = try await converted(kernel)
    print("spatch converts \(sites) of the \(Self.sites) tables and callbacks that set iova_to_phys")
    guard sites == Self.sites - 2 else {
      throw Shell.Failure(description: "the semantic patch is to convert \(Self.sites - 2) of them")
    }
    func spatch(_ folder: String) async throws -> Double {
      try await Shell.time("spatch", ["--very-quiet", "--sp-file", semanticPatch, "--dir", folder])
    }
    let tree = try await Race.run(
      5, ours: { try await seriesmith(generate) }, theirs: { try await spatch(kernel.workTree) })
    print(tree.text("generate", "spatch on the tree"))
    let folder = try await Race.run(
      5, ours: { try await seriesmith(generate) }, theirs: { try await spatch(kernel.workTree + "/drivers/iommu") })
    print(folder.text("generate", "spatch on drivers/iommu, where all it converts is"))
    let files = try await kernel.files(naming: Self.words).union(try Kernel.files(series))
    // A process too, and git's own: what it does not read nobody can generate anything from.
    let read = try kernel.command(reading: files)
    let floor = try await Race.run(
      41, ours: { try await seriesmith(generate) }, theirs: { try await Shell.time("sh", ["-c", read]) })
    print(floor.text("generate", "git cat-file --batch of the \(files.count) files that it reads"))
    let within = try await Race.run(
      15, ours: { try await seriesmith(generate) }, theirs: { try InProcess.read(files, of: kernel.repository) })
    print(within.text("generate", "libgit2 reading them in a process that runs already"))
    return [
      Figure(
        name: "generate: spatch against it, both on the tree", value: tree.ratio, bound: 40, isLeast: true,
        unit: "times"),
      Figure(
        name: "generate: it against git cat-file --batch of the same files", value: 1 / floor.ratio, bound: 7,
        goal: 5, unit: "times"),
    ]
  }

  /// The words that the inventory is about.
  static let words = ["iova_to_phys", "iommu_domain_ops", "io_pgtable_ops"]

  /// The tables that name a callback of their own, or paste its name, in the embedded kernel. Coccinelle does not reach
  /// into macros: two of them are.
  private static let sites = 21

  private var semanticPatch: String { "\(package)/Benchmarks/Coccinelle/iova_to_phys_length.cocci" }

  /// How many tables the semantic patch converts, each with the callback that it names.
  private func converted(_ kernel: Kernel) async throws -> Int {
    let diff = try await Shell.output(
      "spatch", ["--very-quiet", "--sp-file", semanticPatch, "--dir", kernel.workTree])
    let added = diff.split(separator: "\n").filter { $0.hasPrefix("+") }
    let callbacks = added.compactMap { try? /\.iova_to_phys_length = (\w+),/.firstMatch(in: $0)?.1 }
    // A signature that is too long goes on on the next line.
    let signatures = added.joined(separator: " ")
    return callbacks.count { name in
      (try? Regex("\(name)\\([^)]*size_t \\*mapped_length\\)").firstMatch(in: signatures)) != nil
    }
  }
}
