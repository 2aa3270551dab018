import Diagnostics
import Testing

@testable import Verification

/// A migration from `get` to `fetch` in three tables, one of them filled by a macro, and what can go wrong in it.
@Suite struct StructureRulesTests {
  private static let base = [
    "include/ops.h": "struct ops {\n\tint (*get)(int);\n};\nstruct owner {\n\tconst struct ops *ops;\n};\n",
    "include/macro.h": "#define TABLE(f) \\\n\t.get = f##_get\n",
    "a.c": "static const struct ops a_ops = {\n\t.get = a_get,\n};\n",
    "b.c": "static const struct ops b_ops = {\n\tTABLE(b),\n};\n",
    "identity.c": "static const struct ops identity_ops = {\n\t.put = p,\n};\n",
    "core.c": "int core(struct owner *o)\n{\n\treturn o->ops->get(1);\n}\n",
  ]
  private static let added =
    "struct ops {\n\tint (*get)(int);\n\tint (*fetch)(int);\n};\nstruct owner {\n\tconst struct ops *ops;\n};\n"
  private static let removed = "struct ops {\n\tint (*fetch)(int);\n};\nstruct owner {\n\tconst struct ops *ops;\n};\n"
  private static let guarded =
    "int core(struct owner *o)\n{\n\tif (o->ops->fetch)\n\t\treturn o->ops->fetch(1);\n\treturn o->ops->get(1);\n}\n"

  private static let core = ["include/ops.h": added, "core.c": guarded]
  private static let driverA = ["a.c": "static const struct ops a_ops = {\n\t.fetch = a_fetch,\n};\n"]
  private static let driverB = ["include/macro.h": "#define TABLE(f) \\\n\t.fetch = f##_fetch\n"]
  private static let removal = [
    "include/ops.h": removed, "core.c": "int core(struct owner *o)\n{\n\treturn o->ops->fetch(1);\n}\n",
  ]

  /// What each patch breaks, as `path:line: message`.
  private func broken(_ patches: [[String: String]]) -> [[String]] {
    let rules = StructureRules(patches.map { $0.mapValues { Array($0.utf8) } }) { path in
      Self.base[path].map { Array($0.utf8) }
    }
    return rules.findings(in: Self.base.keys).map { state in
      state.new.map { "\($0.place?.file ?? ""):\($0.place?.line ?? 0): \($0.message)" }
    }
  }

  @Test func theWholeMigrationStands() {
    #expect(broken([Self.core, Self.driverA, Self.driverB, Self.removal]) == [[], [], [], []])
  }

  @Test func aTableThatLosesItsOpIsFoundWhereItDoes() {
    let empty = ["a.c": "static const struct ops a_ops = {\n\t.put = a_put,\n};\n"]
    let found = broken([Self.core, empty, Self.driverB, Self.removal])
    #expect(found[1].contains("a.c:1: 'a_ops' sets none of fetch, get"))
  }

  @Test func aTableLeftOutIsFoundWhenTheMemberGoes() {
    let found = broken([Self.core, Self.driverB, Self.removal])
    #expect(found[..<2] == [[], []])
    #expect(found[2].contains("a.c:1: 'a_ops' sets get, which struct ops does not have here"))
  }

  @Test func aTableFilledByAMacroIsFollowed() {
    let found = broken([Self.core, Self.driverA, Self.removal])
    #expect(found[2].contains { $0.hasPrefix("b.c:1: 'b_ops' sets get") })
  }

  @Test func aTableThatUsesTheMemberTooEarlyIsFound() {
    #expect(
      broken([Self.driverA, Self.core, Self.driverB, Self.removal])[0].contains(
        "a.c:1: 'a_ops' sets fetch, which struct ops does not have here"))
  }

  @Test func aCallThatNotAllTablesCoverIsFoundUnlessItIsGuarded() {
    let unguarded = ["include/ops.h": Self.added]
    let found = broken([unguarded, Self.driverA, Self.driverB, Self.removal])
    #expect(found[0] == [])
    #expect(found[1] == ["core.c:3: o->ops->get() in core() is not covered by all tables it may reach"])
  }

  @Test func aTableIsBlamedForLackingTheNewMember() {
    let called = ["core.c": "int core(struct owner *o)\n{\n\treturn o->ops->fetch(1);\n}\n"]
    let found = broken([["include/ops.h": Self.added], Self.driverA, called, Self.driverB, Self.removal])
    // Patch 2 leaves the old call behind.
    #expect(found[2] == ["b.c:1: 'b_ops' does not set fetch, which is called"])
    #expect(found[3] == [])
  }

  @Test func aMemberSetToNullIsNotSet() {
    let null = ["a.c": "static const struct ops a_ops = {\n\t.fetch = NULL,\n};\n"]
    #expect(broken([Self.core, null, Self.driverB, Self.removal])[1] == ["a.c:1: 'a_ops' sets none of fetch, get"])
    let macro = ["include/macro.h": "#define TABLE(f) \\\n\t.fetch = NULL\n"]
    #expect(broken([Self.core, macro, Self.driverA, Self.removal])[1] == ["b.c:1: 'b_ops' sets none of fetch, get"])
  }

  @Test func aSeriesThatMigratesNothingHasNoFindings() {
    #expect(broken([["core.c": "int core(void)\n{\n\treturn 1;\n}\n"]]) == [[]])
  }

  @Test func aCallOfAnotherStructsMemberIsNoMatter() {
    let other = """
      struct clock_ops { int (*get)(int); };
      struct clock { const struct clock_ops *ops; };
      int tick(struct clock *clock)
      {
      	clock->ops->get(1);
      	return current_clock()->get(2);
      }

      """
    var patches = [Self.core, Self.driverA, Self.driverB, Self.removal]
    patches[0]["clock.c"] = other
    #expect(broken(patches) == [[], [], [], []])
  }

  @Test func aCallThroughAnUnknownReceiverIsJudgedByItsName() {
    let call = "int late(void)\n{\n\treturn current_owner()->ops->get(1);\n}\n"
    var patches = [Self.core, Self.driverA, Self.driverB, Self.removal]
    patches[0]["late.c"] = call
    #expect(
      broken(patches)[3]
        == ["late.c:3: current_owner()->ops->get() in late() calls a member that struct ops does not have here"])
  }

  @Test func aTableInsideAnotherStructIsFollowed() {
    let outer = """
      struct chip { struct ops ops; };
      static struct chip chip = {
      	.ops = {
      		.get = a_get,
      	},
      };

      """
    var patches = [Self.core, Self.driverA, Self.driverB, Self.removal]
    patches[0]["chip.c"] = outer
    #expect(broken(patches)[3].contains("chip.c:3: 'chip.ops' sets get, which struct ops does not have here"))
  }
}
