import Testing

@testable import Verification

@Suite struct UnitPlannerTests {
  /// A cut of the kernel's generic page tables: a template header, formats that include it by a macro, and users that
  /// reach a prototype through two macros.
  private let files = [
    "include/linux/pt.h":
      "#define PROTOTYPES(fmt) \\\n\tint pt_##fmt##_walk(int); \\\n\tint pt_##fmt##_init(void)\n"
      + "#define FORMAT(fmt) struct pt_##fmt { int x; }; \\\n\tPROTOTYPES(fmt)\n#define OPS(fmt) .walk = pt_##fmt##_walk\n",
    "include/linux/users.h": "static inline int user_of(struct ops *o)\n{\n\treturn o->walk(1);\n}\n",
    "include/linux/ops.h":
      "struct ops {\n\tint (*walk)(int a);\n\tint (*map)(int a);\n\tint width;\n};\nextern int other(int walk);\n",
    "drivers/pt/pt.h": "#include \"../common.h\"\nint pt;\n",
    "drivers/common.h": "int common;\n",
    "drivers/pt/fmt/template.h": "#define NAME fmt.h\n#include \"../pt.h\"\n",
    "drivers/pt/fmt/fmt.h": "int fmt;\n",
    "drivers/pt/fmt/one.c": "#include \"template.h\"\n#include NAME\n",
    "drivers/amd.c": "struct ops o = { OPS(amd) };\n",
    "drivers/direct.c": "int x(struct ops *o) { return o->walk(1); }\n",
    "drivers/mapper.c": "int y(struct ops *o) { return o->map(1); }\n",
    "drivers/walker.c": "int v(void *o) { return CALL(o, walk); }\n",
    "drivers/width.c": "int w(void *o) { return FIELD(o, width); }\n",
    "drivers/inline.c": "int z(struct ops *o) { return user_of(o); }\n",
    "drivers/format.c": "FORMAT(x);\n",
    "tools/direct.c": "int x(struct ops *o) { return o->walk(1); }\n",
  ]

  private func units(_ change: [String: String?], families: [Set<String>] = []) async throws -> [String] {
    let scene = try Scene(files)
    let states = try scene.states([change])
    let state = try #require(states.states.first)
    return try await UnitPlanner(base: scene.base, sources: scene.sources, families: families)
      .units(of: state, after: nil)
  }

  private func replacing(_ old: String, _ new: String, in path: String) -> [String: String?] {
    [path: files[path]?.replacing(old, with: new)]
  }

  @Test func aMemberReachesThoseWhoNameIt() async throws {
    #expect(try await units(replacing("int width", "long width", in: "include/linux/ops.h")) == ["drivers/width.c"])
  }

  @Test func aCallbackReachesThoseWhoNameIt() async throws {
    let callers = ["drivers/amd.c", "drivers/direct.c", "drivers/inline.c", "drivers/walker.c"]
    #expect(try await units(replacing("*walk)(int a", "*walk)(long a", in: "include/linux/ops.h")) == callers)
  }

  @Test func aCallbackThatReplacesAnotherReachesThoseWhoNameEither() async throws {
    let added = replacing(
      "\tint (*map)(int a);\n", "\tint (*map)(int a);\n\tint (*walk2)(int a);\n", in: "include/linux/ops.h")
    #expect(try await units(added) == [])
    #expect(
      try await units(added, families: [["walk", "walk2"]])
        == ["drivers/amd.c", "drivers/direct.c", "drivers/inline.c", "drivers/walker.c"])
  }

  @Test func aLineInsideAMacroReachesUsersOfTheMacroAndOfThoseItIsIn() async throws {
    #expect(
      try await units(replacing("walk(int)", "walk(long)", in: "include/linux/pt.h")) == ["drivers/format.c"])
    #expect(try await units(replacing("= pt_", "= &pt_", in: "include/linux/pt.h")) == ["drivers/amd.c"])
  }

  @Test func aLocalHeaderReachesItsIncluders() async throws {
    for path in ["drivers/pt/pt.h", "drivers/common.h", "drivers/pt/fmt/fmt.h", "drivers/pt/fmt/template.h"] {
      #expect(try await units([path: (files[path] ?? "") + "int more;\n"]) == ["drivers/pt/fmt/one.c"], "\(path)")
    }
  }

  @Test func commentsAndWhiteSpaceReachNobody() async throws {
    #expect(try await units(replacing("struct ops {", "/* walk */\nstruct ops  {", in: "include/linux/ops.h")).isEmpty)
  }

  @Test func deletedAndForeignFilesAreNotCompiled() async throws {
    #expect(try await units(["drivers/direct.c": nil, "tools/direct.c": "int other;\n"]).isEmpty)
  }
}
