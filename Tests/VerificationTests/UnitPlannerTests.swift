import Testing

@testable import Verification

@Suite struct UnitPlannerTests {
  /// An excerpt of the kernel's generic page tables: a template header, formats that include it by a macro, and users
  /// that reach a prototype through two macros.
  private let files = [
    "include/linux/pt.h":
      "#define PROTOTYPES(fmt) \\\n\tint pt_##fmt##_walk(int); \\\n\tint pt_##fmt##_init(void)\n"
      + "#define FORMAT(fmt) struct pt_##fmt { int x; }; \\\n\tPROTOTYPES(fmt)\n#define OPS(fmt) .walk = pt_##fmt##_walk\n",
    "include/linux/users.h":
      "#include <linux/ops.h>\nstatic inline int user_of(struct ops *o)\n{\n\treturn o->walk(1);\n}\n",
    "include/linux/ops.h":
      "struct ops {\n\tint (*walk)(int a);\n\tint (*map)(int a);\n\tint width;\n};\nextern int other(int walk);\n",
    "drivers/pt/pt.h": "#include \"../common.h\"\nint pt;\n",
    "drivers/common.h": "int common;\n",
    "drivers/pt/fmt/template.h": "#define NAME fmt.h\n#include \"../pt.h\"\n",
    "drivers/pt/fmt/fmt.h": "int fmt;\n",
    "drivers/pt/fmt/one.c": "#include \"template.h\"\n#include NAME\n",
    "drivers/amd.c": "#include <linux/pt.h>\n#include <linux/ops.h>\nstruct ops o = { OPS(amd) };\n",
    "drivers/direct.c": "#include <linux/ops.h>\nint x(struct ops *o) { return o->walk(1); }\n",
    "drivers/mapper.c": "#include <linux/ops.h>\nint y(struct ops *o) { return o->map(1); }\n",
    "drivers/walker.c": "#include <linux/ops.h>\nint v(void *o) { return CALL(o, walk); }\n",
    "drivers/width.c": "#include <linux/ops.h>\nint w(void *o) { return FIELD(o, width); }\n",
    "drivers/inline.c": "#include <linux/users.h>\nint z(struct ops *o) { return user_of(o); }\n",
    "drivers/format.c": "#include <linux/pt.h>\nFORMAT(x);\n",
    "tools/direct.c": "int x(struct ops *o) { return o->walk(1); }\n",
  ]

  private func units(_ change: [String: String?], files: [String: String]? = nil) async throws -> [String] {
    let scene = try await Scene(files ?? self.files)
    let states = try await scene.states([change])
    let state = try #require(states.states.first)
    let planner = UnitPlanner(base: scene.base, index: scene.index)
    return planner.plan(state, after: nil, architecture: "arm64").affected.sorted()
  }

  private func replacing(_ old: String, _ new: String, in path: String) -> [String: String?] {
    [path: files[path]?.replacing(old, with: new)]
  }

  @Test func aMemberReachesThoseWhoNameIt() async throws {
    #expect(
      try await units(replacing("int width", "long width", in: "include/linux/ops.h")) == [
        "drivers/amd.c", "drivers/width.c",
      ])
  }

  @Test func aCallbackReachesThoseWhoNameIt() async throws {
    let callers = ["drivers/amd.c", "drivers/direct.c", "drivers/inline.c", "drivers/walker.c"]
    #expect(try await units(replacing("*walk)(int a", "*walk)(long a", in: "include/linux/ops.h")) == callers)
  }

  /// A header that does not include the changed one still reads what its includers included before it.
  @Test func aChangeReachesHeadersThatAreIncludedAfterIt() async throws {
    let files = files.merging([
      "include/linux/later.h": "struct later {\n\tint order;\n\tint (*run)(int width);\n};\n",
      "drivers/own/own.h": "static inline int own(struct ops *o) { return o->map(1) + other(2); }\n",
      "drivers/own/both.c": "#include <linux/ops.h>\n#include <linux/later.h>\n",
      "drivers/own/own.c": "#include <linux/ops.h>\n#include \"own.h\"\n",
      "drivers/own/later.c": "#include <linux/later.h>\n",
      "drivers/own/held.h": "struct held {\n\tstruct ops ops;\n};\n",
      "drivers/own/held.c": "#include <linux/ops.h>\n#include \"held.h\"\n",
    ]) { $1 }
    func units(_ old: String, _ new: String) async throws -> [String] {
      let path = "include/linux/ops.h"
      return try await self.units([path: files[path]?.replacing(old, with: new)], files: files)
        .filter { $0.hasPrefix("drivers/own/") }
    }
    // A macro replaces the name of a member.
    #expect(try await units("struct ops {", "#define order 1\nstruct ops {") == ["drivers/own/both.c"])
    #expect(try await units("extern int other(int walk);\n", "") == ["drivers/own/own.c"])
    #expect(try await units("*map)(int a", "*map)(long a") == ["drivers/own/held.c", "drivers/own/own.c"])
    // A function may have the name of a member that changes with it.
    let both = try await units("\tint width;\n};\nextern int other", "\tint width, other;\n};\nextern long other")
    #expect(both == ["drivers/own/held.c", "drivers/own/own.c"])
    // A parameter with a member's name is not that member.
    #expect(try await units("int width", "long width") == ["drivers/own/held.c"])
  }

  @Test func aTypeThatGrowsReachesThoseWhoHoldOneByValue() async throws {
    let added = replacing(
      "\tint (*map)(int a);\n", "\tint (*map)(int a);\n\tint (*walk2)(int a);\n", in: "include/linux/ops.h")
    // A pointer to it stays a pointer.
    #expect(try await units(added) == ["drivers/amd.c"])
    let files = files.merging([
      "include/linux/holder.h":
        "#include <linux/ops.h>\nstruct holder { struct ops inner; };\nstruct other { struct ops *ops; };\n",
      "drivers/holder.c": "#include <linux/holder.h>\nint h = sizeof(struct holder);\n",
      "drivers/other.c": "#include <linux/holder.h>\nint o = sizeof(struct other);\n",
      "drivers/asserts.c": "#include <linux/ops.h>\nint f(struct ops *o) { BUILD_BUG_ON(sizeof(*o) != 24); }\n",
    ]) { $1 }
    #expect(try await units(added, files: files) == ["drivers/amd.c", "drivers/asserts.c", "drivers/holder.c"])
  }

  @Test func aNameMadeByPastingIsAMention() async throws {
    let files = files.merging([
      "include/linux/paste.h": "#define FRONT(x) pt_##x\n#define BOTH(a, b) a ## b\nint pt_amd_walk(int);\n",
      "drivers/front.c": "#include <linux/paste.h>\nint a = FRONT(amd_walk)(1);\n",
      "drivers/both.c": "#include <linux/paste.h>\nint b = BOTH(pt_amd, _walk)(1);\n",
      "drivers/neither.c": "#include <linux/paste.h>\nint c = FRONT(amd_init)(1);\n",
    ]) { $1 }
    let change = [
      "include/linux/paste.h": files["include/linux/paste.h"]?.replacing("amd_walk(int)", with: "amd_walk(long)")
    ]
    // A macro that can form the name counts as forming it wherever it is used.
    #expect(try await units(change, files: files) == ["drivers/both.c", "drivers/front.c", "drivers/neither.c"])
  }

  @Test func aNameThatAChangedMacroMakesReachesThoseWhoNameIt() async throws {
    let files = files.merging([
      "include/linux/pt.h": (files["include/linux/pt.h"] ?? "") + "FORMAT(amd);\n",
      "drivers/named.c": "#include <linux/pt.h>\nint n = pt_amd_walk(1);\n",
      "drivers/init.c": "#include <linux/pt.h>\nint i = pt_arm_walk(1);\n",
    ]) { $1 }
    let change = ["include/linux/pt.h": files["include/linux/pt.h"]?.replacing("walk(int)", with: "walk(long)")]
    #expect(try await units(change, files: files).contains("drivers/named.c"))
    #expect(try await !units(change, files: files).contains("drivers/init.c"))
  }

  @Test func aChangedIncludeReachesEveryIncluder() async throws {
    let files = files.merging(["drivers/idle.c": "#include <linux/ops.h>\nint idle;\n"]) { $1 }
    let change = ["include/linux/ops.h": "#include <linux/users.h>\n" + (files["include/linux/ops.h"] ?? "")]
    #expect(try await units(change, files: files).contains("drivers/idle.c"))
  }

  /// A macro, or another declaration, makes the new text read differently for those who see it first.
  @Test func aNameThatMeansSomethingElseElsewhereReachesThoseWhoSeeIt() async throws {
    let files = files.merging([
      "include/linux/odd.h": "#define depth 4\n",
      "include/linux/twice.h": "int level(void);\nstruct level { int x; };\n",
      "drivers/odd.c": "#include <linux/odd.h>\n#include <linux/ops.h>\n",
      "drivers/own.c": "#  define\tdepth 5\n#include <linux/ops.h>\n",
      "drivers/twice.c": "#include <linux/twice.h>\n#include <linux/ops.h>\n",
      "drivers/idle.c": "#include <linux/ops.h>\nint idle;\n", "drivers/apart.c": "#include <linux/odd.h>\n",
    ]) { $1 }
    let header = files["include/linux/ops.h"] ?? ""
    #expect(
      try await units(["include/linux/ops.h": header + "int deep(int depth);\n"], files: files) == [
        "drivers/odd.c", "drivers/own.c",
      ])
    #expect(
      try await units(["include/linux/ops.h": header + "long level(void);\n"], files: files) == ["drivers/twice.c"])
    // A type may be named again.
    #expect(try await units(["include/linux/ops.h": header + "struct level;\n"], files: files).isEmpty)
    // What the header itself includes means the same to everyone.
    let included = ["include/linux/ops.h": "#include <linux/odd.h>\n" + header]
    let merged = files.merging(included) { $1 }
    #expect(
      try await units(
        ["include/linux/ops.h": (merged["include/linux/ops.h"] ?? "") + "int deep(int depth);\n"], files: merged
      ) == ["drivers/own.c"])
  }

  @Test func aMemberOfANewTypeReachesNobodyByItsName() async throws {
    let added = (files["include/linux/ops.h"] ?? "") + "struct range {\n\tint walk;\n\tint width;\n};\n"
    #expect(try await units(["include/linux/ops.h": added]).isEmpty)
    #expect(
      try await units(replacing("int width;", "int width;\n\tint height;", in: "include/linux/ops.h")) == [
        "drivers/amd.c"
      ])
  }

  @Test func whatDoesNotIncludeTheHeaderIsNotAffected() async throws {
    let files = files.merging(["drivers/stranger.c": "int width;\n"]) { $1 }
    let change = replacing("int width", "long width", in: "include/linux/ops.h")
    #expect(try await !units(change, files: files).contains("drivers/stranger.c"))
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
