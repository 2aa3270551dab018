import Diagnostics
import Kbuild
import Testing

@testable import Verification

/// What a state removes from under units it does not change, and what it defines or exports wrongly.
@Suite struct LinkLossTests {
  private static let vfio = LinkTarget.module("drivers/vfio/vfio_iommu_type1")
  private static let iommu = "drivers/iommu/iommu.c"
  private static let type1 = "drivers/vfio/vfio_iommu_type1.c"
  private static let helper = "drivers/iommu/helper.c"

  private static let tree = [
    iommu: "int walk(int x)\n{\n\treturn x;\n}\nEXPORT_SYMBOL_GPL(walk);\n",
    type1: "static int unmap(void)\n{\n\treturn walk(1);\n}\n",
    helper: "int help(void)\n{\n\treturn walk(1);\n}\n",
    "drivers/net/comment.c": "/* walk() is slow */\n",
  ]
  private static let exported = LinkedObject(iommu, defines: ["walk"], exports: [.plain("walk")])
  private static let user = LinkedObject(type1, vfio, needs: ["walk"])
  private static let builtIn = LinkedObject(helper, defines: ["help"], needs: ["walk"])

  private func found(
    _ changes: [ObjectChange], _ others: [LinkedObject] = [user, builtIn], _ sources: [String: String] = tree
  ) async throws -> [String] {
    try await LinkCheck(world: LinkScene(sources, others), changes: changes).findings().all.map(\.line)
  }

  @Test func anExportTakenAwayIsMissedByModulesOnly() async throws {
    let change = ObjectChange(Self.exported, LinkedObject(Self.iommu, defines: ["walk"]))
    #expect(
      try await found([change]) == [
        "error drivers/vfio/vfio_iommu_type1.c:3: \"walk\" [drivers/vfio/vfio_iommu_type1.ko] undefined!"
          + " | drivers/iommu/iommu.c defines it without EXPORT_SYMBOL"
          + " | this commit removes the export from drivers/iommu/iommu.c"
      ])
  }

  @Test func onlyUnitsThatNameItInCodeAreCompiled() async throws {
    let scene = LinkScene(Self.tree, [Self.user, Self.builtIn, LinkedObject("drivers/net/comment.c")])
    let change = ObjectChange(Self.exported, LinkedObject(Self.iommu, defines: ["walk"]))
    _ = try await LinkCheck(world: scene, changes: [change]).findings().all
    #expect(scene.compiled == [Self.type1])
  }

  @Test func aDefinitionTakenAwayIsMissedByAll() async throws {
    let sources = Self.tree.merging([Self.iommu: "int step(int x)\n{\n\treturn x;\n}\n"]) { $1 }
    let change = ObjectChange(Self.exported, LinkedObject(Self.iommu, defines: ["step"]))
    let found = try await found([change], [Self.user, Self.builtIn], sources)
    #expect(found.count == 2)
    #expect(found.first?.hasPrefix("error drivers/iommu/helper.c:3: undefined symbol: walk | nothing") == true)
    #expect(found.last?.hasPrefix("error drivers/vfio/vfio_iommu_type1.c:3: \"walk\"") == true)
  }

  @Test func aFileThatGoesTakesItsDefinitions() async throws {
    let sources = Self.tree.filter { $0.key != Self.iommu }
    #expect(try await found([ObjectChange(Self.exported, nil)], [Self.user, Self.builtIn], sources).count == 2)
  }

  @Test func aDefinitionThatMovesIsNotLost() async throws {
    let moved = LinkedObject(Self.helper, defines: ["walk", "help"], exports: [.plain("walk")])
    let changes = [
      ObjectChange(Self.exported, LinkedObject(Self.iommu)), ObjectChange(Self.builtIn, moved),
    ]
    #expect(try await found(changes, [Self.user]) == [])
  }

  @Test func aUserThatChangesWithItIsLookedAtAsItIsThen() async throws {
    let gone = ObjectChange(Self.exported, LinkedObject(Self.iommu, defines: ["walk"]))
    #expect(try await found([gone, ObjectChange(Self.user, LinkedObject(Self.type1, Self.vfio))], []) == [])
    #expect(try await found([gone, ObjectChange(Self.user, Self.user)], []).count == 1)
  }

  @Test func anExportMadeGPLOnlyOrMovedToANamespaceIsMissed() async throws {
    let gpl = ObjectChange(Self.exported, LinkedObject(Self.iommu, defines: ["walk"], exports: [.gpl("walk")]))
    let proprietary = LinkedObject(Self.type1, Self.vfio, needs: ["walk"], license: "Proprietary")
    let sources = Self.tree.merging([Self.type1: "MODULE_LICENSE(\"Proprietary\");\nint a = walk;\n"]) { $1 }
    #expect(try await found([gpl]) == [])
    #expect(
      try await found([gpl], [proprietary], sources).first?.hasPrefix(
        "error drivers/vfio/vfio_iommu_type1.c:2: GPL-incompatible module vfio_iommu_type1.ko uses") == true)
    let spaced = ObjectChange(
      Self.exported, LinkedObject(Self.iommu, defines: ["walk"], exports: [.gpl("walk", "IOMMUFD")]))
    #expect(try await found([spaced]).first?.contains("from namespace IOMMUFD, but does not import it.") == true)
  }

  @Test func aUseThroughAnInlineFunctionIsFound() async throws {
    let sources = [
      "include/linux/walk.h": "static inline int step(void)\n{\n\treturn walk(1);\n}\n",
      Self.type1: "int a(void)\n{\n\treturn step();\n}\n", Self.iommu: "int walk(int x)\n{\n\treturn x;\n}\n",
    ]
    let change = ObjectChange(Self.exported, LinkedObject(Self.iommu, defines: ["walk"]))
    #expect(try await found([change], [Self.user], sources).count == 1)
  }

  @Test func tooManyUsersAreAWarning() async throws {
    let names = (1...12).map { "drivers/d\($0).c" }
    let sources = Dictionary(uniqueKeysWithValues: names.map { ($0, "int f(void)\n{\n\treturn walk(1);\n}\n") })
    let change = ObjectChange(Self.exported, LinkedObject(Self.iommu, defines: ["walk"]))
    let others = names.map { LinkedObject($0, Self.vfio) }
    let found = try await found([change], others, sources)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("warning drivers/d") == true)
  }

  @Test func anImportTakenAwayIsMissedByTheModule() async throws {
    let sources = Self.tree.merging([
      Self.iommu: "int walk(int x)\n{\n\treturn x;\n}\nEXPORT_SYMBOL_NS_GPL(walk, \"IOMMUFD\");\n"
    ]) { $1 }
    let iommu = LinkedObject(Self.iommu, defines: ["walk"], exports: [.gpl("walk", "IOMMUFD")])
    let main = "drivers/vfio/main.c"
    let change = ObjectChange(
      LinkedObject(main, Self.vfio, imports: ["IOMMUFD"]), LinkedObject(main, Self.vfio))
    #expect(
      try await found([change], [iommu, Self.user], sources).first?.hasPrefix(
        "error drivers/vfio/vfio_iommu_type1.c:3: module vfio_iommu_type1 uses symbol walk from namespace IOMMUFD")
        == true)
    let other = LinkedObject("drivers/vfio/other.c", Self.vfio, imports: ["IOMMUFD"])
    let still = sources.merging(["drivers/vfio/other.c": "MODULE_IMPORT_NS(\"IOMMUFD\");\n"]) { $1 }
    #expect(try await found([change], [iommu, Self.user, other], still) == [])
  }

  @Test func aModuleThatLeavesTheGPLLosesItsExports() async throws {
    let iommu = LinkedObject(Self.iommu, defines: ["walk"], exports: [.gpl("walk")])
    let change = ObjectChange(
      Self.user, LinkedObject(Self.type1, Self.vfio, needs: ["walk"], license: "Proprietary"))
    #expect(try await found([change], [iommu]).first?.contains("uses GPL-only symbol 'walk'") == true)
  }

  @Test func anExportNeedsADefinition() async throws {
    let module = LinkTarget.module("drivers/iommu/iommu")
    let before = LinkedObject(Self.iommu, module)
    let after = LinkedObject(Self.iommu, module, needs: ["walk"], exports: [.gpl("walk")])
    let sources = [Self.iommu: "EXPORT_SYMBOL_GPL(walk);\n"]
    #expect(
      try await found([ObjectChange(before, after)], [], sources) == [
        "error drivers/iommu/iommu.c:1: \"walk\" [drivers/iommu/iommu.ko] was exported without definition"
          + " | define it in the module, or drop the export"
      ])
    let elsewhere = LinkedObject(Self.helper, module, defines: ["walk"])
    let both = sources.merging([Self.helper: "int walk(void)\n{\n\treturn 1;\n}\n"]) { $1 }
    #expect(try await found([ObjectChange(before, after)], [elsewhere], both) == [])
  }

  @Test func aSymbolIsExportedOnce() async throws {
    let second = LinkedObject(Self.helper, .module("drivers/iommu/helper"), defines: ["walk"], exports: [.gpl("walk")])
    let change = ObjectChange(LinkedObject(Self.helper, .module("drivers/iommu/helper")), second)
    let sources = Self.tree.merging([Self.helper: "int walk(int x)\n{\n}\nEXPORT_SYMBOL_GPL(walk);\n"]) { $1 }
    #expect(
      try await found([change], [Self.exported], sources) == [
        "error drivers/iommu/helper.c:4: drivers/iommu/helper: 'walk' exported twice. Previous export was in vmlinux"
          + " | drivers/iommu/iommu.c exports it too"
      ])
    let moves = [change, ObjectChange(Self.exported, LinkedObject(Self.iommu))]
    #expect(try await found(moves, [], sources) == [])
  }

  @Test func aSymbolIsDefinedOnceInALinkTarget() async throws {
    let second = LinkedObject(Self.helper, defines: ["walk"])
    let sources = Self.tree.merging([Self.helper: "int a;\nint walk(int x)\n{\n}\n"]) { $1 }
    #expect(
      try await found([ObjectChange(LinkedObject(Self.helper), second)], [Self.exported], sources) == [
        "error drivers/iommu/helper.c:2: duplicate symbol: walk | drivers/iommu/iommu.c defines it too"
      ])
    let module = LinkedObject(Self.helper, .module("drivers/iommu/helper"), defines: ["walk"])
    #expect(try await found([ObjectChange(nil, module)], [Self.exported], sources) == [])
    let both = [ObjectChange(nil, second), ObjectChange(LinkedObject(Self.iommu), Self.exported)]
    #expect(try await found(both, [], sources).count == 1)
  }

  @Test func aStaticFunctionOfTheSameNameIsNoDuplicate() async throws {
    let sources = Self.tree.merging(["drivers/net/a.c": "static int fresh(void)\n{\n\treturn 1;\n}\n"]) { $1 }
    let change = ObjectChange(LinkedObject(Self.helper), LinkedObject(Self.helper, defines: ["fresh"]))
    let scene = LinkScene(sources, [LinkedObject("drivers/net/a.c")])
    #expect(try await LinkCheck(world: scene, changes: [change]).findings().all == [])
    #expect(scene.compiled == [])
  }

  /// modpost is shown the code that refers to them.
  @Test func symbolsThatMoveToInitSectionsAreTouched() {
    let thrownAway = LinkedObject(Self.iommu, defines: ["walk"], exports: [.plain("walk")], discarded: ["walk"])
    #expect(LinkChanges([ObjectChange(Self.exported, thrownAway)]).touched == ["walk"])
    #expect(LinkChanges([ObjectChange(thrownAway, thrownAway)]).touched == [])
    // Nobody can have referred to what is new.
    #expect(LinkChanges([ObjectChange(nil, thrownAway)]).touched == [])
  }

  @Test func aModuleThatLosesItsLicenceFalls() async throws {
    let change = ObjectChange(
      LinkedObject(Self.type1, Self.vfio, needs: ["walk"]),
      LinkedObject(Self.type1, Self.vfio, needs: ["walk"], license: nil))
    #expect(
      try await found([change], []) == [
        "error drivers/vfio/vfio_iommu_type1.c: missing MODULE_LICENSE() in drivers/vfio/vfio_iommu_type1.o"
      ])
    let other = "drivers/vfio/main.c"
    let sources = Self.tree.merging([other: "MODULE_LICENSE(\"GPL\");\n"]) { $1 }
    #expect(try await found([change], [LinkedObject(other, Self.vfio)], sources) == [])
  }

  @Test func touchedSymbolsAreThoseTakenAwayOrNarrowed() {
    let narrowed = LinkedObject(Self.iommu, defines: ["walk"], exports: [.gpl("walk")])
    #expect(LinkChanges([ObjectChange(Self.exported, narrowed)]).touched == ["walk"])
    #expect(LinkChanges([ObjectChange(narrowed, Self.exported)]).touched == [])
    #expect(LinkChanges([ObjectChange(Self.builtIn, nil)]).touched == ["help"])
  }
}
