import Diagnostics
import Testing

@testable import Kbuild

@Suite struct ModpostTests {
  @Test func readsItsMessagesWithoutOffsets() {
    let output = """
      WARNING: modpost: vmlinux: section mismatch in reference: walk+0x3d2 (section: .text) -> setup (section: .init.text)
      ERROR: modpost: "walk" [drivers/vfio/vfio.ko] undefined!
      WARNING: modpost: vmlinux.o (.odd): unexpected non-allocatable section.
      Did you forget to use "ax"/"aw" in a .S file?
      Note that for example <linux/init.h> contains
      section definitions for use in .S files.

      """
    #expect(
      ModpostMessage.parse(output) == [
        .init(.warning, "vmlinux: section mismatch in reference: walk (section: .text) -> setup (section: .init.text)"),
        .init(.error, "\"walk\" [drivers/vfio/vfio.ko] undefined!"),
        .init(.warning, "vmlinux.o (.odd): unexpected non-allocatable section."),
      ])
    #expect(!ModpostMessage.isCut(output))
  }

  /// What modpost then did not look at must not pass for good.
  @Test(arguments: [
    "drivers/vfio/vfio.mod: No such file or directory\n", "FATAL: modpost: parse error in symbol dump file\n",
  ])
  func knowsThatItEndedEarly(output: String) {
    #expect(ModpostMessage.isCut("ERROR: modpost: missing MODULE_LICENSE() in a.o\n" + output))
  }

  @Test func readsKconfigsWarnings() {
    let output = """
      #
      # configuration written to .config
      WARNING: unmet direct dependencies detected for LEGACY
        Depends on [n]: OLD [=n]
        Selected by [m]:
        - SPRD_IOMMU [=m]
      drivers/iommu/Kconfig:375:warning: leading whitespace ignored

      """
    let found = KconfigWarning.parse(output)
    #expect(found.map(\.message) == ["unmet direct dependencies detected for LEGACY", "leading whitespace ignored"])
    #expect(found.first?.notes == ["Depends on [n]: OLD [=n]", "Selected by [m]:", "- SPRD_IOMMU [=m]"])
    #expect(found.last?.file == "drivers/iommu/Kconfig")
    #expect(found.last?.line == 375)
  }

  @Test func findsObjectsThatMakeHasNoRuleFor() async throws {
    let makefile = """
      obj-$(CONFIG_DRIVER) += driver.o twice.o gone.o
      driver-y := main.o sub/part.o sub/lost.o

      """
    let kernel = try FakeKernel(["drivers/Makefile": makefile])
    let lane = try await kernel.kbuild.prepare(kernel.lane, source: kernel.source)
    let found = try await kernel.kbuild.objectsWithoutRule(in: ["drivers"], but: [], of: lane)
    #expect(found == ["drivers/gone.o", "drivers/sub/lost.o"])
    #expect(
      try await kernel.kbuild.objectsWithoutRule(
        in: ["drivers"], but: ["drivers/gone.o", "drivers/sub/lost.o"], of: lane) == [])
    #expect(try await kernel.kbuild.objects(in: ["drivers"], of: lane).contains("drivers/twice.o"))
    #expect(
      try await kernel.kbuild.sources(of: "drivers/driver", in: lane) == ["drivers/main.c", "drivers/sub/part.c"])
  }
}
