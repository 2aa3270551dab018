import Testing

@testable import Kbuild

@Suite struct MakeTests {
  @Test func takesAMakeLogApart() {
    let log = MakeLog(
      """
      make: Entering directory '/src'
      make[1]: Entering directory '/build'
        GEN     Makefile
        CC [M]  drivers/gpu/drm/panthor/panthor_mmu.o
      /src/drivers/gpu/drm/panthor/panthor_mmu.c:3:1: warning: unused variable 'x' [-Wunused-variable]
        CC      drivers/iommu/sun50i-iommu.o
        CC      drivers/iommu/s390-iommu.o
      /src/drivers/iommu/s390-iommu.c:15:10: fatal error: 'asm/pci_dma.h' file not found
      make[5]: *** [/src/scripts/Makefile.build:289: drivers/iommu/s390-iommu.o] Error 1
      make[4]: *** [/src/scripts/Makefile.build:548: drivers/iommu] Error 2
      make[4]: Target 'drivers/iommu/sun50i-iommu.o' not remade because of errors.
      """)
    #expect(log.failed == ["drivers/iommu/s390-iommu.o"])
    #expect(log.sections["drivers/iommu/sun50i-iommu.o"] == "")
    #expect(log.sections["drivers/gpu/drm/panthor/panthor_mmu.o"]?.contains("unused variable") == true)
    #expect(log.sections["drivers/iommu/s390-iommu.o"]?.contains("asm/pci_dma.h") == true)
    #expect(log.sections.count == 3)
  }

  @Test func readsTheUnitsKbuildLists() {
    let units = UnitList.parse(
      """
      make[1]: Entering directory '/build'
      seriesmith-units drivers/iommu vmlinux: drivers/iommu/arm/built-in.a drivers/iommu/iommu.o  drivers/iommu/vsi.o
      seriesmith-units drivers/iommu drivers/iommu/test.o: drivers/iommu/a.o drivers/iommu/../b.o
      seriesmith-units drivers/iommu drivers/iommu/more.o: drivers/iommu/a.o
      seriesmith-units drivers/iommu all: drivers/iommu/iommu.o drivers/iommu/a.o drivers/iommu/gen drivers/iommu/gen.o
      seriesmith-units drivers/iommu all: drivers/iommu/x.dtb.o drivers/iommu/test.o drivers/iommu/seriesmith-units.o
      seriesmith-units drivers/empty all:
      seriesmith-units arch/x86/boot all: arch/x86/boot/main.o
      seriesmith-units arch/x86/boot route:  arch/x86
      """)
    #expect(
      units["drivers/iommu"]?.targets == [
        "drivers/iommu/iommu.o": .builtIn, "drivers/iommu/vsi.o": .builtIn,
        "drivers/iommu/a.o": .module("drivers/iommu/test"), "drivers/iommu/../b.o": .module("drivers/iommu/test"),
        "drivers/iommu/gen.o": .separate,
      ])
    #expect(units["drivers/empty"] == FolderUnits())
    #expect(
      units["arch/x86/boot"] == FolderUnits(targets: ["arch/x86/boot/main.o": .separate], route: ["arch/x86"]))
    #expect(UnitList.folders(above: "drivers/iommu/arm/a.o") == ["drivers/iommu/arm", "drivers/iommu", "drivers"])
  }

  @Test func anAbsentGoalIsNoErrorAndABrokenMakefileIs() {
    let absent = """
      make[4]: *** No rule to make target 'drivers/s390/cio/seriesmith-units.o'.
      make[3]: *** [/src/scripts/Makefile.build:548: drivers] Error 2
      make[3]: Target 'drivers/iommu/seriesmith-units.o' not remade because of errors.
      """
    #expect(MakeErrors.serious(absent) == [])
    let broken = "/src/drivers/iommu/Makefile:3: *** missing separator.  Stop."
    #expect(MakeErrors.serious(absent + "\n" + broken) == [broken])
    let other = "make[4]: *** No rule to make target 'vmlinux', needed by 'arch/x86/boot/voffset.h'."
    #expect(MakeErrors.serious(other) == [other])
    #expect(MakeErrors.serious(other, tolerant: true) == [])
  }

  @Test func goalsArePortionedForTheCommandLine() {
    #expect(Kbuild.portions(["aaaa", "bb", "cc"], limit: 12) == [["aaaa", "bb"], ["cc"]])
    #expect(Kbuild.portions([String(repeating: "x", count: 20)], limit: 12).count == 1)
    #expect(Kbuild.portions([]) == [])
  }

  @Test func checksWhatAFragmentAsksFor() {
    let configuration = Configuration(
      "CONFIG_ARM_SMMU=m\n# CONFIG_KASAN is not set\nCONFIG_DEBUG_INFO_NONE=y\nCONFIG_KCOV_X=y\n")
    #expect(configuration.holds("CONFIG_DEBUG_INFO_NONE=y"))
    #expect(configuration.holds("CONFIG_KASAN=n"))
    #expect(configuration.holds("CONFIG_KCOV=n"))
    #expect(configuration.holds("# CONFIG_UNKNOWN is not set"))
    #expect(!configuration.holds("CONFIG_ARM_SMMU=y"))
    #expect(!configuration.holds("# CONFIG_ARM_SMMU is not set"))
    #expect(configuration.actual("CONFIG_ARM_SMMU=y") == "CONFIG_ARM_SMMU=m")
    #expect(configuration.actual("CONFIG_UBSAN=y") == "CONFIG_UBSAN is not set")
  }

  @Test func aMissingCompilerIsNamedWithItsPackage() {
    let lane = Lane(name: "arm", arch: "arm", target: "allmodconfig", fragment: [], toolchain: ["LLVM=-0"], why: "")
    let failure = #expect(throws: (any Error).self) { try Toolchain(lane).require(for: lane) }
    let text = failure.map { "\($0)" } ?? ""
    #expect(text.contains("clang-0, ld.lld-0"))
    #expect(text.contains("apt-get install clang-0 lld-0 llvm-0"))
  }

  @Test func aLaneMayBeForAPartOfTheTree() {
    var lane = Lane(name: "mips", arch: "mips", target: "allmodconfig", fragment: [], toolchain: ["LLVM=1"], why: "")
    #expect(lane.isUsed(changing: ["drivers/iommu/iommu.c"]))
    lane.paths = ["arch/mips/"]
    #expect(!lane.isUsed(changing: ["drivers/iommu/iommu.c", "arch/mipsel/a.c"]))
    #expect(lane.isUsed(changing: ["drivers/iommu/iommu.c", "arch/mips/mm/init.c"]))
  }

  @Test func rendersAnOverlay() {
    #expect(
      Overlay.render([("/src/a \"b\".c", "/o/0"), ("/src/c\\d.h", "/o/1")]) == #"""
        {"version": 0, "case-sensitive": true, "use-external-names": false, "roots": [
          {"type": "file", "name": "/src/a \"b\".c", "external-contents": "/o/0"},
          {"type": "file", "name": "/src/c\\d.h", "external-contents": "/o/1"}
        ]}

        """#)
  }
}
