import Testing

@testable import Kbuild

@Suite struct MakefileIndexTests {
  private func index(_ makefiles: [String: String]) -> MakefileIndex {
    MakefileIndex(paths: makefiles.keys.sorted()) { makefiles[$0].map { Array($0.utf8) } }
  }

  @Test func theFoldersAboveMayListASource() {
    let index = index(["drivers/Makefile": "obj-y += iommu/\n", "drivers/iommu/Makefile": "obj-y += arm/smmu.o\n"])
    #expect(
      index.folders(listing: "drivers/iommu/arm/smmu.c") == ["drivers/iommu/arm", "drivers/iommu", "drivers"])
  }

  @Test func aMakefileThatIncludesTheFoldersOwnMayListIt() {
    let index = index([
      "virt/kvm/Makefile.kvm": "KVM ?= ../../../virt/kvm\nkvm-y := $(KVM)/kvm_main.o\n",
      "arch/x86/kvm/Makefile": "include $(srctree)/virt/kvm/Makefile.kvm\n",
      "arch/s390/kvm/Makefile": "KVM := ../../../virt/kvm\n-include $(srctree)/$(src)/$(KVM)/../kvm/Makefile.kvm\n",
    ])
    #expect(
      index.folders(listing: "virt/kvm/kvm_main.c") == ["virt/kvm", "virt", "arch/s390/kvm", "arch/x86/kvm"])
  }

  /// Like the makefiles of amdgpu and its display code.
  @Test func includesAreFollowedThroughVariables() {
    let index = index([
      "gpu/amd/amdgpu/Makefile": """
      FULL_AMD_PATH=$(srctree)/$(src)/..
      DISPLAY_FOLDER_NAME=display
      FULL_AMD_DISPLAY_PATH = $(FULL_AMD_PATH)/$(DISPLAY_FOLDER_NAME)
      include $(FULL_AMD_DISPLAY_PATH)/Makefile
      """,
      "gpu/amd/display/Makefile": """
      AMD_DAL = $(addsuffix /Makefile, $(addprefix $(FULL_AMD_DISPLAY_PATH)/,$(DAL_LIBS)))
      include $(AMD_DAL)
      """,
      "gpu/amd/display/dc/Makefile": "DC = dc.o # the core\n",
      "gpu/msm/Makefile": "obj-y += msm.o\n",
    ])
    #expect(index.folders(listing: "gpu/amd/display/dc/dc.c").last == "gpu/amd/amdgpu")
    #expect(index.folders(listing: "gpu/msm/msm.c") == ["gpu/msm", "gpu"])
  }

  @Test func anIncludeRelativeToTheIncluderIsFoundByItsEnd() {
    let index = index([
      "accel/hl/Makefile": "include $(src)/common/Makefile\n",
      "accel/hl/common/Makefile": "include $(src)/common/mmu/Makefile\n",
      "accel/hl/common/mmu/Makefile": "FILES := common/mmu/mmu.o\n",
    ])
    #expect(index.folders(listing: "accel/hl/common/mmu/mmu.c").contains("accel/hl"))
  }

  @Test func aMakefileMayNameAnObjectOrASourceOfAnotherFolder() {
    let index = index([
      "arch/x86/purgatory/Makefile": "$(obj)/sha256.o: $(srctree)/lib/crypto/sha256.c FORCE\n",
      "arch/arm64/hyp/nvhe/Makefile": "hyp-obj-y += ../timer.o\n$(obj)/%.nvhe.o: $(src)/%.c FORCE\n",
      "efi/libstub/Makefile": "$(obj)/lib-%.o: $(srctree)/lib/%.c FORCE\n",
      "lib/Makefile": "obj-y += cmdline.o\n",
    ])
    #expect(index.folders(listing: "lib/crypto/sha256.c") == ["lib/crypto", "lib", "arch/x86/purgatory"])
    #expect(index.folders(listing: "arch/arm64/hyp/timer.c").contains("arch/arm64/hyp/nvhe"))
    #expect(index.folders(listing: "lib/cmdline.c") == ["lib", "efi/libstub"])
    #expect(index.folders(listing: "mm/timer.c") == ["mm"])
  }

  @Test func saysWhichSymbolsASourceNeeds() {
    let index = index([
      "drivers/Makefile": "obj-$(CONFIG_VFIO) += vfio/\nobj-y += iommu/\n",
      "drivers/vfio/Makefile": """
      obj-$(CONFIG_VFIO_TYPE1) += type1.o
      vfio-y += main.o
      vfio-$(CONFIG_VFIO_GROUP) += \\
      \tgroup.o   # legacy
      obj-$(CONFIG_VFIO) += vfio.o
      ifdef CONFIG_PCI
      obj-$(CONFIG_VFIO_PCI) += pci.o
      else
      obj-y += stub.o
      endif
      """,
      "drivers/iommu/Makefile": "obj-y += iommu.o\nobj-$(CONFIG_SUN50I_IOMMU) += sun50i-iommu.o\n",
    ])
    let parent = ", drivers/Makefile leads there with CONFIG_VFIO"
    #expect(index.whyNot("drivers/vfio/type1.c") == "drivers/vfio/Makefile builds it with CONFIG_VFIO_TYPE1" + parent)
    #expect(
      index.whyNot("drivers/vfio/group.c") == "drivers/vfio/Makefile builds it with CONFIG_VFIO_GROUP and CONFIG_VFIO")
    #expect(
      index.whyNot("drivers/vfio/pci.c")
        == "drivers/vfio/Makefile builds it with CONFIG_PCI and CONFIG_VFIO_PCI" + parent)
    #expect(index.whyNot("drivers/vfio/stub.c") == "drivers/vfio/Makefile builds it without CONFIG_PCI" + parent)
    #expect(index.whyNot("drivers/vfio/unlisted.c") == "drivers/Makefile leads to it with CONFIG_VFIO")
    #expect(
      index.whyNot("drivers/iommu/sun50i-iommu.c") == "drivers/iommu/Makefile builds it with CONFIG_SUN50I_IOMMU")
    #expect(index.whyNot("drivers/iommu/iommu.c") == nil)
    #expect(index.whyNot("mm/memory.c") == nil)
  }

  @Test func oddMakefilesAreReadWithoutHarm() {
    let index = index([
      "a/Makefile": "obj-y += $(\nobj-$(CONFIG_X += b.o\nelse\nendif\nX = $(X)/y.o\nobj-y += $(X)/z.o $ ${ )\\",
      "b/Makefile": "", "tools/c/Makefile": "obj-y += d.o\n",
    ])
    #expect(index.folders(listing: "a/b.c") == ["a"])
    #expect(index.whyNot("tools/c/d.c") == nil)
  }
}
