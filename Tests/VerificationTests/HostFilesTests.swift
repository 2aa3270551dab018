import Testing

@testable import Verification

@Suite struct HostFilesTests {
  private static let files = [
    "Makefile": "all:\n", "Kconfig": "", "MAINTAINERS": "", "drivers/Makefile": "obj-y += plain.o\n",
    "drivers/plain.c": "#include <linux/plain.h>\n",
    "drivers/table/Makefile": "hostprogs := maketable\nobj-y += use.o\n",
    "drivers/table/maketable.c": "#include <stdio.h>\n#include \"../../include/linux/shared.h\"\n",
    "drivers/table/use.c": "#include <linux/use.h>\n", "scripts/mod/modpost.c": "#include <linux/module_ids.h>\n",
    "tools/objtool/check.c": "", "tools/testing/test.c": "#include <linux/tested.h>\n",
  ]

  @Test func whatABuildMayRun() async throws {
    let scene = try await Scene(Self.files)
    let files = HostFiles(scene.base)
    let run = [
      "Makefile", "drivers/Makefile", "drivers/new/Kconfig", "scripts/mod/modpost.c", "scripts/new.sh", "tools/lib/x.c",
      "usr/gen_init_cpio.c", "drivers/table/maketable.c", "drivers/table/maketable.h", "include/linux/shared.h",
      "include/linux/module_ids.h", "lib/build_names", "drivers/gen.py", "arch/fake/syscall.tbl", "kernel/bounds.c",
    ]
    let left = [
      "drivers/plain.c", "include/linux/plain.h", "include/linux/use.h", "include/linux/tested.h", "MAINTAINERS",
      "Documentation/conf.py", "tools/testing/test.c", "arch/fake/boot/dts/a.dts",
    ]
    #expect((run + left).filter { files.contains($0, architecture: "fake") } == run)
  }
}
