import Foundation

extension Bench {
  /// Generates the nine patches, against a semantic patch that is told where the drivers are.
  func generation(_ kernel: Kernel) async throws -> [Figure] {
    let generate = [
      "generate", "iova_to_phys_length", "--tree", kernel.repository, "--output", "\(cache)/generated",
    ]
    let drivers = kernel.workTree + "/drivers/iommu"
    try await kernel.reset()
    // Fills the cache as a first run does.
    _ = try await seriesmith(generate)
    let sites = try await converted(in: drivers)
    print("spatch converts \(sites) of the \(Self.sites) tables and callbacks that set iova_to_phys")
    guard sites == Self.sites - 2 else {
      throw Shell.Failure(description: "the semantic patch must convert \(Self.sites - 2) of them")
    }
    let race = try await Race.run(
      9, ours: { try await seriesmith(generate) },
      theirs: { try await Shell.time("spatch", ["--very-quiet", "--sp-file", semanticPatch, "--dir", drivers]) })
    print(race.text("generate", "spatch on drivers/iommu"))
    return [
      Figure(name: "generate: nine patches", value: race.ours, bound: 0.4),
      Figure(
        name: "generate: spatch on drivers/iommu against generate", value: race.ratio, bound: 15, isLeast: true,
        unit: "times"),
    ]
  }

  /// The words that the inventory looks for.
  static let words = ["iova_to_phys", "iommu_domain_ops", "io_pgtable_ops"]

  /// The number of tables in the embedded kernel that name a callback of their own, or paste its name. Two of them are
  /// in macros, which Coccinelle does not look into.
  private static let sites = 21

  private var semanticPatch: String { "\(package)/Benchmarks/Coccinelle/iova_to_phys_length.cocci" }

  /// The number of tables that the semantic patch converts together with the callback that they name.
  private func converted(in folder: String) async throws -> Int {
    let diff = try await Shell.output("spatch", ["--very-quiet", "--sp-file", semanticPatch, "--dir", folder])
    let added = diff.split(separator: "\n").filter { $0.hasPrefix("+") }
    let callbacks = added.compactMap { try? /\.iova_to_phys_length = (\w+),/.firstMatch(in: $0)?.1 }
    // A long signature continues on the next line.
    let signatures = added.joined(separator: " ")
    return callbacks.count { name in
      (try? Regex("\(name)\\([^)]*size_t \\*mapped_length\\)").firstMatch(in: signatures)) != nil
    }
  }
}
