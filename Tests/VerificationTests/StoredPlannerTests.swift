import Testing

@testable import Verification

@Suite struct StoredPlannerTests {
  @Test func aPlanIsMadeOnceForTheSameTrees() async throws {
    let scene = try await Scene([
      "include/linux/ops.h": "struct ops {\n\tint (*map)(void);\n};\n",
      "arch/arm64/a.c": "#include <linux/ops.h>\n", "drivers/b.c": "",
    ])
    let states = try await scene.states([
      ["include/linux/ops.h": "struct ops {\n\tint map;\n};\n"], ["drivers/b.c": "int b;\n"],
    ]).states
    func planner(_ index: Scene) -> StoredPlanner {
      StoredPlanner(planner: UnitPlanner(base: scene.base, index: index.index), store: scene.store)
    }
    func plan(_ planner: StoredPlanner, _ architecture: String, exhaustive: Bool) async throws -> [Int: Set<String>]? {
      try await planner.plans(states, architectures: [architecture], exhaustive: exhaustive)[architecture]?
        .mapValues(\.affected)
    }
    let first = [1: Set(["arch/arm64/a.c"]), 2: ["drivers/b.c"]]
    #expect(try await plan(planner(scene), "arm64", exhaustive: true) == first)
    // Another index gives another answer, but only where the store has none.
    let other = planner(try await Scene(["drivers/c.c": "#include <linux/ops.h>\n"]))
    #expect(try await plan(other, "arm64", exhaustive: true) == first)
    #expect(try await plan(other, "arm64", exhaustive: false) == [1: [], 2: ["drivers/b.c"]])
    #expect(try await plan(other, "arm", exhaustive: true) == [1: [], 2: ["drivers/b.c"]])
  }
}
