import Diagnostics
import Kbuild
import Testing

@testable import Verification

/// What an object newly refers to, compared with what the rest of the kernel provides.
@Suite struct LinkReferenceTests {
  private static let vfio = LinkTarget.module("drivers/vfio/vfio_iommu_type1")
  private static let header = "include/linux/iommu.h"
  private static let iommu = "drivers/iommu/iommu.c"
  private static let type1 = "drivers/vfio/vfio_iommu_type1.c"

  private static let user = """
    /* walk() is better */
    static int unmap(void)
    {
    \treturn walk(1);
    }

    """

  private func tree(_ more: [String: String] = [:]) -> [String: String] {
    [
      Self.header: "int walk(int x);\n", Self.type1: Self.user,
      Self.iommu: "int walk(int x)\n{\n\treturn x;\n}\n",
    ].merging(more) { $1 }
  }

  /// The findings for the new references of a GPL module, with `others` as the objects that the state leaves alone.
  private func found(
    _ sources: [String: String], _ others: [LinkedObject], needs: Set<String> = ["walk"], in target: LinkTarget = vfio,
    imports: Set<String> = [], license: String? = "GPL v2", known: KnownImports = KnownImports(), machine: Int = 62
  ) async throws -> [String] {
    let before = LinkedObject(Self.type1, target, imports: imports, license: license, machine: machine)
    let after = LinkedObject(Self.type1, target, needs: needs, imports: imports, license: license, machine: machine)
    let check = LinkCheck(
      world: LinkScene(sources, others), changes: [ObjectChange(before, after)], known: known)
    return try await check.findings().all.map(\.line)
  }

  @Test func anExportedSymbolLinks() async throws {
    let sources = tree([Self.iommu: "int walk(int x)\n{\n\treturn x;\n}\nEXPORT_SYMBOL_GPL(walk);\n"])
    let iommu = LinkedObject(Self.iommu, defines: ["walk"], exports: [.gpl("walk")])
    #expect(try await found(sources, [iommu]) == [])
  }

  @Test func aSymbolWithoutExportIsUndefinedInAModule() async throws {
    let iommu = LinkedObject(Self.iommu, defines: ["walk"])
    #expect(
      try await found(tree(), [iommu]) == [
        "error drivers/vfio/vfio_iommu_type1.c:4: \"walk\" [drivers/vfio/vfio_iommu_type1.ko] undefined!"
          + " | drivers/iommu/iommu.c defines it without EXPORT_SYMBOL"
      ])
    #expect(try await found(tree(), [iommu], in: .builtIn) == [])
  }

  @Test func whatNothingDefinesIsUndefined() async throws {
    let sources = tree([Self.iommu: "/* walk() comes later */\n"])
    #expect(
      try await found(sources, []) == [
        "error drivers/vfio/vfio_iommu_type1.c:4: \"walk\" [drivers/vfio/vfio_iommu_type1.ko] undefined!"
          + " | nothing in the tree defines it at this commit"
      ])
    #expect(
      try await found(sources, [], in: .builtIn) == [
        "error drivers/vfio/vfio_iommu_type1.c:4: undefined symbol: walk"
          + " | nothing in the tree defines it at this commit"
      ])
  }

  @Test func aFileThatTheLaneDoesNotBuildGivesNothing() async throws {
    #expect(
      try await found(tree(), []) == [
        "error drivers/vfio/vfio_iommu_type1.c:4: \"walk\" [drivers/vfio/vfio_iommu_type1.ko] undefined!"
          + " | drivers/iommu/iommu.c has it, but the lane's configuration builds no object of that file"
      ])
  }

  @Test func builtInCodeCannotUseWhatAModuleDefines() async throws {
    let iommu = LinkedObject(Self.iommu, .module("drivers/iommu/iommu"), defines: ["walk"], exports: [.plain("walk")])
    #expect(
      try await found(tree(), [iommu], in: .builtIn) == [
        "error drivers/vfio/vfio_iommu_type1.c:4: undefined symbol: walk"
          + " | drivers/iommu/iommu.c defines it, in drivers/iommu/iommu.ko: built-in code cannot use what a module defines"
      ])
  }

  @Test func anotherObjectOfTheModuleMayDefineIt() async throws {
    let sources = tree(["drivers/vfio/helper.c": "int walk(int x)\n{\n\treturn x;\n}\n", Self.iommu: ""])
    #expect(try await found(sources, [LinkedObject("drivers/vfio/helper.c", Self.vfio, defines: ["walk"])]) == [])
  }

  @Test func onlyModulesUnderTheGPLUseItsExports() async throws {
    let sources = tree([Self.iommu: "int walk(int x)\n{\n\treturn x;\n}\nEXPORT_SYMBOL_GPL(walk);\n"])
    let iommu = LinkedObject(Self.iommu, defines: ["walk"], exports: [.gpl("walk")])
    #expect(try await found(sources, [iommu], license: "Dual BSD/GPL") == [])
    #expect(
      try await found(sources, [iommu], license: "Proprietary") == [
        "error drivers/vfio/vfio_iommu_type1.c:4: GPL-incompatible module vfio_iommu_type1.ko uses GPL-only symbol 'walk'"
          + " | drivers/iommu/iommu.c exports it with EXPORT_SYMBOL_GPL"
      ])
    let proprietary = sources.merging(["drivers/vfio/main.c": "MODULE_LICENSE(\"Proprietary\");\n"]) { $1 }
    let main = LinkedObject("drivers/vfio/main.c", Self.vfio, license: "Proprietary")
    #expect(try await found(proprietary, [iommu, main], license: nil).count == 1)
  }

  @Test func aNamespaceMustBeImportedByAnyObjectOfTheModule() async throws {
    let sources = tree([
      Self.iommu: "int walk(int x)\n{\n\treturn x;\n}\nEXPORT_SYMBOL_NS_GPL(walk, \"IOMMUFD\");\n",
      "drivers/vfio/main.c": "MODULE_IMPORT_NS(\"IOMMUFD\");\n",
    ])
    let iommu = LinkedObject(Self.iommu, defines: ["walk"], exports: [.gpl("walk", "IOMMUFD")])
    let main = LinkedObject("drivers/vfio/main.c", Self.vfio, imports: ["IOMMUFD"])
    #expect(try await found(sources, [iommu], imports: ["IOMMUFD"]) == [])
    #expect(try await found(sources, [iommu, main]) == [])
    let elsewhere = LinkedObject("drivers/vfio/main.c", .module("drivers/vfio/vfio"), imports: ["IOMMUFD"])
    #expect(
      try await found(sources, [iommu, elsewhere]) == [
        "error drivers/vfio/vfio_iommu_type1.c:4: module vfio_iommu_type1 uses symbol walk from namespace IOMMUFD,"
          + " but does not import it."
          + " | drivers/iommu/iommu.c exports it there: add MODULE_IMPORT_NS(\"IOMMUFD\") to the module"
      ])
  }

  @Test(arguments: [("module:vfio_iommu_type1", 0), ("module:kvm,vfio*", 0), ("module:kvm,vfio", 1)])
  func anExportForModulesNamesThem(namespace: String, count: Int) async throws {
    let sources = tree([
      Self.iommu:
        "int walk(int x)\n{\n\treturn x;\n}\nEXPORT_SYMBOL_FOR_MODULES(walk, \"\(namespace.dropFirst(7))\");\n"
    ])
    let iommu = LinkedObject(Self.iommu, defines: ["walk"], exports: [.gpl("walk", namespace)])
    #expect(try await found(sources, [iommu]).count == count)
  }

  @Test func whatTheStateItselfAddsCounts() async throws {
    let provider = ObjectChange(
      LinkedObject(Self.iommu), LinkedObject(Self.iommu, defines: ["walk"], exports: [.gpl("walk")]))
    let user = ObjectChange(LinkedObject(Self.type1, Self.vfio), LinkedObject(Self.type1, Self.vfio, needs: ["walk"]))
    let scene = LinkScene(tree())
    #expect(try await LinkCheck(world: scene, changes: [provider, user]).findings().all == [])
    #expect(scene.compiled == [])
  }

  @Test func oldReferencesAreNotTheStatesDoing() async throws {
    let object = LinkedObject(Self.type1, Self.vfio, needs: ["walk"])
    let scene = LinkScene(tree())
    #expect(try await LinkCheck(world: scene, changes: [ObjectChange(object, object)]).findings().all == [])
    #expect(scene.compiled == [])
  }

  @Test func whatManyModulesUseNeedsNoLook() async throws {
    let users = (1...5).map { LinkedObject("drivers/a\($0).c", .module("drivers/a\($0)"), needs: ["walk"]) }
    let scene = LinkScene(tree(), users)
    let change = ObjectChange(nil, LinkedObject(Self.type1, Self.vfio, needs: ["walk"]))
    #expect(try await LinkCheck(world: scene, changes: [change], known: KnownImports(users)).findings().all == [])
    #expect(scene.compiled == [])
    let forgetful = LinkCheck(world: scene, changes: [change], known: KnownImports(users).forgetting(["walk"]))
    #expect(try await forgetful.findings().all.count == 1)
  }

  @Test func aSymbolOnlyABuiltInObjectUsesSaysNothingOfModules() async throws {
    let known = KnownImports([LinkedObject("kernel/a.c", needs: ["walk"])])
    let iommu = LinkedObject(Self.iommu, defines: ["walk"])
    #expect(try await found(tree(), [iommu], known: known).count == 1)
  }

  @Test(arguments: ["__this_module", "__start_list", "__stop_list", "_GLOBAL_OFFSET_TABLE_", "__asan_load4_noabort"])
  func whatTheLinkerOrTheCompilerMakesIsLeftOut(symbol: String) async throws {
    #expect(try await found(tree(), [], needs: [symbol]) == [])
  }

  @Test func registerSaversAreTheLinkersOnPowerpcOnly() async throws {
    #expect(try await found(tree(), [], needs: ["_restgpr0_14"], machine: 21) == [])
    #expect(try await found(tree(), [], needs: ["_restgpr0_14"], machine: 62).count == 1)
  }

  @Test func aDotBeforeANameIsPowerpcsFunctionDescriptor() async throws {
    let sources = tree([Self.iommu: "int walk(int x)\n{\n\treturn x;\n}\nEXPORT_SYMBOL_GPL(walk);\n"])
    let iommu = LinkedObject(Self.iommu, defines: [".walk"], exports: [.gpl("walk")], machine: 21)
    #expect(try await found(sources, [iommu], needs: [".walk"], machine: 21) == [])
  }

  @Test func aLongDivisionSaysWhatToUse() async throws {
    #expect(
      try await found(tree(), [], needs: ["__aeabi_uldivmod"], machine: 40) == [
        "error drivers/vfio/vfio_iommu_type1.c: \"__aeabi_uldivmod\" [drivers/vfio/vfio_iommu_type1.ko] undefined!"
          + " | the compiler calls it for a 64-bit division: use div64_u64(), div_u64() or do_div()"
      ])
  }

  @Test func assemblyDefinesAndExports() async throws {
    let sources = tree([
      Self.iommu: "", "arch/x86/lib/walk.S": "SYM_FUNC_START(walk)\n\tRET\nSYM_FUNC_END(walk)\nEXPORT_SYMBOL(walk)\n",
      "arch/s390/lib/walk.S": "ENTRY(walk)\nEXPORT_SYMBOL(walk)\n",
    ])
    let object = LinkedObject("arch/x86/lib/walk.S", defines: ["walk"], exports: [.plain("walk")])
    let scene = LinkScene(sources, [object])
    let change = ObjectChange(nil, LinkedObject(Self.type1, Self.vfio, needs: ["walk"]))
    #expect(try await LinkCheck(world: scene, changes: [change]).findings().all == [])
    #expect(scene.compiled == ["arch/x86/lib/walk.S"])
  }

  @Test func aLinkerScriptDefinesForBuiltInCode() async throws {
    let sources = tree([Self.iommu: "", "arch/x86/kernel/vmlinux.lds.S": "SECTIONS\n{\n\twalk = .;\n}\n"])
    #expect(try await found(sources, [], in: .builtIn) == [])
    #expect(try await found(sources, []).count == 1)
  }

  @Test func macrosMakeDefinitionsAndExports() async throws {
    let definition = tree([Self.iommu: "DEFINE_MUTEX(walk);\nEXPORT_SYMBOL(walk);\n"])
    let iommu = LinkedObject(Self.iommu, defines: ["walk"], exports: [.plain("walk")])
    #expect(try await found(definition, [iommu]) == [])
    let tracepoint = tree([Self.iommu: "EXPORT_TRACEPOINT_SYMBOL_GPL(walk);\n"])
    let traced = LinkedObject(Self.iommu, defines: ["__tracepoint_walk"], exports: [.gpl("__tracepoint_walk")])
    #expect(try await found(tracepoint, [traced], needs: ["__tracepoint_walk"]) == [])
  }

  /// `generic_pt` forms each format's functions from one header, which names none of them.
  @Test func anExportWhoseNameAMacroMakesIsFoundThroughItsIncluders() async throws {
    let sources = tree([
      "drivers/pt/iommu_pt.h": "EXPORT_SYMBOL_NS_GPL(DOMAIN_NS(map_pages), \"PT\");\n",
      "drivers/pt/fmt/template.h": "#include \"../iommu_pt.h\"\n",
      "drivers/pt/fmt/amdv1.c": "#define PTPFX amdv1\n#include \"template.h\"\n",
      "drivers/pt/fmt/vtdss.c": "#define PTPFX vtdss\n#include \"template.h\"\n",
    ])
    let symbol = "pt_iommu_amdv1_map_pages"
    let amdv1 = LinkedObject(
      "drivers/pt/fmt/amdv1.c", .module("drivers/pt/fmt/amdv1"), defines: [symbol], exports: [.gpl(symbol, "PT")])
    let vtdss = LinkedObject("drivers/pt/fmt/vtdss.c", .module("drivers/pt/fmt/vtdss"))
    let scene = LinkScene(sources, [amdv1, vtdss])
    let user = LinkedObject(Self.type1, Self.vfio, needs: [symbol], imports: ["PT"])
    #expect(try await LinkCheck(world: scene, changes: [ObjectChange(nil, user)]).findings().all == [])
    #expect(scene.compiled == ["drivers/pt/fmt/amdv1.c"])
    let missing = LinkedObject(Self.type1, Self.vfio, needs: ["pt_iommu_amdv1_map_range"], imports: ["PT"])
    #expect(try await LinkCheck(world: scene, changes: [ObjectChange(nil, missing)]).findings().all.count == 1)
  }

  @Test func tooManyPlacesToLookAtAreAWarning() async throws {
    let names = (1...30).map { "drivers/d\($0).c" }
    let sources = Dictionary(uniqueKeysWithValues: names.map { ($0, "DEFINE_THING(walk);\n") })
    let others = names.map { LinkedObject($0) }
    #expect(
      try await found(tree(sources), others) == [
        "warning drivers/vfio/vfio_iommu_type1.c:4: cannot tell what provides \"walk\""
          + " to drivers/vfio/vfio_iommu_type1.ko"
          + " | too many files may define it"
      ])
  }

  @Test func whatAHeaderNamesIsPlacedInTheUnit() async throws {
    let sources = [
      "include/linux/walk.h": "int walk(int);\nstatic inline int step(void)\n{\n\treturn walk(1);\n}\n",
      Self.type1: "#include <linux/walk.h>\n", Self.iommu: "int walk(int x)\n{\n\treturn x;\n}\n",
    ]
    #expect(
      try await found(sources, [LinkedObject(Self.iommu, defines: ["walk"])]) == [
        "error drivers/vfio/vfio_iommu_type1.c: \"walk\" [drivers/vfio/vfio_iommu_type1.ko] undefined!"
          + " | drivers/iommu/iommu.c defines it without EXPORT_SYMBOL | include/linux/walk.h:4 names it"
      ])
  }

  @Test func imagesOfTheirOwnAreLeftOut() async throws {
    #expect(try await found(tree(), [], in: .separate) == [])
  }
}

extension Finding {
  /// The finding on one line: severity, place, message, then the notes.
  var line: String {
    ["\(severity.rawValue) \(place.map(\.description) ?? ""): \(message)"].appending(notes).joined(separator: " | ")
  }
}

extension LinkCheck.Findings {
  /// What is broken, then what could not be decided.
  var all: [Finding] { broken + undecided }
}

extension [String] {
  fileprivate func appending(_ more: [String]) -> [String] { self + more }
}
