import CSource
import Diagnostics
import Testing

@Suite struct InventoryTests {
  private func inventory(_ text: String) -> OpsInventory {
    SourceFile(path: "a.c", bytes: Array(text.utf8)).inventory(structures: ["ops"], members: ["get"])
  }

  @Test func findsTablesHoweverTheyAreBuilt() {
    let found = inventory(
      """
      static const struct ops plain = {
      	.get	= plain_get,
      };
      static const struct driver d = {
      	.default_ops = &(const struct ops) {
      		.put	= NULL,
      		.get	= nested_get,
      	}
      };
      #define COMMON() \\
      	.default_ops = &(const struct ops) { \\
      		.get	= macro_get, \\
      	}
      static struct ops by_macro = {
      	TABLE_OPS(fmt),
      	.put = put,
      };
      void init(struct thing *t)
      {
      	t->iop.ops = (struct ops) {
      		.get	= assigned_get,
      	};
      	t->raw->get = raw_get;
      }
      extern const struct ops elsewhere;
      struct ops *pointer(struct ops *ops);
      """)
    let tables = found.tables.map { "\($0.place.line ?? 0) \($0.name) \($0.via) \($0.entries.map(\.value))" }
    #expect(
      tables == [
        "1 plain initialiser [\"plain_get\"]", "5 d.default_ops initialiser [\"NULL\", \"nested_get\"]",
        "11 COMMON.default_ops macro [\"macro_get\"]", "14 by_macro initialiser [\"put\"]",
        "20 t->iop.ops assignment [\"assigned_get\"]", "23 t->raw assignment [\"raw_get\"]",
      ])
    #expect(found.tables[3].macros.map(\.text) == ["TABLE_OPS(fmt)"])
  }

  @Test func findsCallsAndWhoMakesThem() {
    let found = inventory(
      """
      int f(struct ops *ops)
      {
      	if (x->y.ops->get(ops))
      		return ops->get(ops);
      	return get(ops) + ops->getter(ops) + (ops->get ? 1 : 0);
      }
      """)
    #expect(found.calls.map(\.receiver) == ["x->y.ops", "ops"])
    #expect(found.calls.allSatisfy { $0.function == "f" && $0.member == "get" })
  }

  @Test func findsMacrosThatSetMembersForOthers() {
    let found = inventory(
      """
      #define TABLE_OPS(fmt)	\\
      	.get = &fmt##_get
      #define TABLE_OPS1(x) TABLE_OPS(x)
      #define OTHER 1
      """)
    #expect(found.macros.map(\.name) == ["TABLE_OPS", "TABLE_OPS1"])
    #expect(found.macros[0].entries.map(\.value) == ["&fmt##_get"])
    #expect(found.macros[1].uses == ["TABLE_OPS"])
  }
}
