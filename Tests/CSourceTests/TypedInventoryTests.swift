import CSource
import Diagnostics
import Testing

/// Tables and calls are those of the struct, not of the member's name.
@Suite struct TypedInventoryTests {
  private static let files = [
    "include/linux/ops.h": """
    struct ops {
    	int (*put)(int);
    	int (*get)(int);
    };

    """,
    "drivers/holder.h": """
    struct holder { struct priv *priv; };

    """,
    "drivers/local.h": """
    #include "holder.h"
    #include <linux/ops.h>
    struct other { int (*get)(int); };
    typedef struct { struct ops inner; } wrapped_t;
    struct priv {
    	struct other other;
    	union {
    		struct ops chip;
    		int number;
    	};
    	struct {
    		struct ops *list[2];
    		wrapped_t wrapped;
    	} sub;
    };
    #define to_priv(x) container_of(x, struct priv, chip)
    struct ops *find(int);

    """,
  ]

  private func inventory(_ text: String) -> OpsInventory {
    let file = SourceFile(path: "drivers/a.c", bytes: Array(("#include \"local.h\"\n" + text).utf8))
    let types = Types { Self.files[$0].map { Array($0.utf8) } }
    return file.inventory(structures: ["ops"], members: ["get"], types: types)
  }

  private func calls(_ statements: String) -> [String] {
    let found = inventory(
      "int f(struct priv *p, struct ops *ops, struct other *o, struct holder *h, int i)\n{\n\(statements)\n}\n")
    return found.calls.map(\.receiver) + found.undecided.map { "? " + $0.text }
  }

  @Test(arguments: [
    ("ops->get(1);", ["ops"]), ("o->get(1);", []), ("p->chip.get(1); p->other.get(1);", ["p->chip"]),
    ("p->sub.list[i]->get(1);", ["p->sub.list[i]"]), ("p->sub.wrapped.inner.get(1);", ["p->sub.wrapped.inner"]),
    ("(&p->chip)->get(1);", ["(&p->chip)"]), ("((struct ops *)o)->get(1);", ["((struct ops *)o)"]),
    ("to_priv(ops)->other.get(1); to_priv(ops)->chip.get(1);", ["to_priv(ops)->chip"]),
    ("container_of(ops, struct priv, chip)->other.get(1);", []), ("find(1)->get(1);", ["find(1)"]),
    ("struct other *ops = o; ops->get(1);", []), ("{ struct other *ops = o; } ops->get(1);", ["ops"]),
    ("if (i) ops->get(1);", ["ops"]), ("return ops->get(1);", ["ops"]), ("h->priv->chip.get(1);", ["h->priv->chip"]),
    ("h->priv->other.get(1);", []),
    ("unknown->get(1);", ["? unknown->get"]),
  ])
  func resolvesReceivers(statements: String, expected: [String]) {
    #expect(calls(statements) == expected)
  }

  private func tables(_ text: String) -> [String] {
    let found = inventory(text)
    return found.tables.map { table in
      "\(table.structure) \(table.name): " + table.entries.map { "\($0.member)=\($0.value)" }.joined(separator: " ")
    } + found.undecided.map { "? " + $0.text }
  }

  @Test(arguments: [
    ("static struct priv p = { .chip = { .get = f } };", ["ops p.chip: get=f"]),
    ("static struct priv p = { .other = { .get = f } };", []),
    ("static struct priv p = { .sub.wrapped.inner = { .get = f } };", ["ops p.sub.wrapped.inner: get=f"]),
    (
      "static struct priv p[] = { { .chip = { .get = f } }, [3] = { .chip = { .get = g } } };",
      ["ops p[0].chip: get=f", "ops p[3].chip: get=g"]
    ),
    (
      "static const struct ops o[] = { [0] = { .get = f }, [1] = { .put = g } };",
      ["ops o[0]: get=f", "ops o[1]: put=g"]
    ),
    ("static const struct ops o = { f, g };", ["ops o: put=f get=g"]),
    ("static const struct other o = { .get = f };", []),
    ("static struct priv p = { .chip.get = f, .other.get = g };", ["ops p.chip: get=f"]),
    ("static struct priv p[] = {\n#ifdef A\n{ .chip = { .get = f } },\n#endif\n};", ["ops p[0].chip: get=f"]),
    (
      "static struct priv p = {\n#ifdef A\n.chip = { .get = f },\n#endif\n#ifdef B\n.other = { .get = f },\n#endif\n};",
      ["ops p.chip: get=f"]
    ),
    ("MACRO(a)\nMACRO(b)\nstatic const struct other o = { .get = f };", []),
    ("void f(void)\n{\n\tstruct { int get; } __packed a = { .get = 1 };\n\tint b;\n}", []),
    ("#define CHIP(x) .chip = { .get = x }\nstatic struct priv p = { CHIP(f) };", ["ops CHIP.chip: get=x"]),
    ("#define ENTRY(x) { .get = x }\nstatic struct ops o[] = { ENTRY(f) };", ["ops o: "]),
    ("#define ENTRY(x) { .get = x }\nstatic struct other o[] = { ENTRY(f) };", []),
    (
      "void init(struct priv *p)\n{\n\tp->chip.get = f, p->chip.put = g;\n\tp->other.get = h;\n}",
      ["ops p->chip: get=f"]
    ),
    ("void init(struct priv *p)\n{\n\tp->chip.get = p ? f : g;\n}", ["ops p->chip: get=p ? f : g"]),
    ("struct unknown u = { .get = f };", []), ("mystery_t u = { .get = f };", ["? .get = f"]),
  ])
  func resolvesTables(text: String, expected: [String]) {
    #expect(tables(text) == expected)
  }
}
